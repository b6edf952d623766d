"""What nobody used of an order's services goes back, at the price that was paid for it."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money, total
from orders import refunding
from orders.models import Order, OrderLine, Voucher
from orders.packing import Pieces
from orders.pickup import codes
from orders.vouchers import appointments, delivering, sums


def sum_of(voucher: Voucher, line: OrderLine) -> sums.UnusedSum:
    """What would go back for it now, step by step."""
    return sums.unused(
        paid=voucher.paid,
        uses=voucher.uses,
        used=voucher.used,
        before=Money(line.refunded_minor),
        back=voucher.back,
    )


def sums_of(order: Order) -> list[tuple[OrderLine, sums.UnusedSum]]:
    """For each line of which a use is left."""
    rows = Voucher.objects.filter(order=order).select_related("line__revision").order_by("line__position")
    return [(each.line, sum_of(each, each.line)) for each in rows if each.left]


def worth(order: Order) -> Money:
    """What goes back if what wasn't used is cancelled now."""
    found = total((each.amount for _line, each in sums_of(order)), order.currency)
    return min(found, order.unreleased)


def is_begun(order: Order) -> bool:
    """Whether a use of it is gone, so that only a part can go back."""
    return Voucher.objects.filter(order=order, used__gt=0).exists()


def free_all(order: Order, *, actor: Actor, at: datetime) -> None:
    """Nothing of a locked order is used any more: its appointments and codes end."""
    appointments.end_all(order, actor=actor, at=at)
    codes.end(order, at=at)


def give_back_unused(order: Order, *, purpose: str, actor: Actor, at: datetime) -> tuple[Pieces, Money]:
    """Refund the unused uses of a locked order; gives the pieces that nobody touched, and the sum.

    `purpose` is unique per order. A piece that was used in part counts as delivered from now on.
    """
    free_all(order, actor=actor, at=at)
    untouched, amount, rows = [], Money.zero(order.currency), list(Voucher.objects.filter(order=order))
    for voucher in rows:
        line = order.lines.get(pk=voucher.pk)
        amount += _close(voucher, line)
        if line.cancelled_quantity:
            untouched.append((line, line.cancelled_quantity))
    amount = min(amount, order.unreleased)
    if amount:
        refunding.give_back(order, amount=amount, purpose=purpose, actor=actor, at=at)
    for line in order.lines.select_related("revision").order_by("position"):
        delivering.deliver_used_up(order, line, begun=True, actor=actor, at=at)
    return untouched, amount


def _close(voucher: Voucher, line: OrderLine) -> Money:
    found = sum_of(voucher, line)
    if not found.unused:
        return found.amount
    begun = -(-voucher.used // voucher.uses_each)
    line.cancelled_quantity = line.quantity - max(begun, line.sent_quantity)
    line.refunded_minor += found.amount.minor
    line.save(update_fields=["cancelled_quantity", "refunded_minor"])
    voucher.back = voucher.uses - voucher.used
    voucher.save(update_fields=["back"])
    return found.amount
