"""What of an order's money the shop gets, and what keeps it back."""

from __future__ import annotations

from kernel.money import Money
from orders.models import FaultClaim, Order, Return
from rulebook import policies


def is_held(order: Order) -> bool:
    """A hold, an open return or claim stands. The order's row must be locked for the answer to last."""
    return (
        order.holds.filter(lifted_at__isnull=True).exists()
        or Return.objects.of_order(order.pk).unfinished().exists()
        or FaultClaim.objects.of_order(order.pk).unfinished().exists()
    )


def fee_on(amount: Money, order: Order) -> Money:
    """The platform's share of what the merchant keeps, by the policy of the day of the order."""
    return amount.permille(policies.number("fee.platform_permille", order.placed_at))
