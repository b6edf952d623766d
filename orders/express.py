"""Express that came late: what it cost on top of the standard way goes back by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from orders import refund_sums, refunding
from orders.events import ExpressLate
from orders.models import Order, OrderLine
from orders.states import OrderState
from outbox import bus

COMING = (OrderState.PAID, OrderState.SHIPPED)


@transaction.atomic
def give_back_surcharge(*, order_id: UUID, actor: Actor, at: datetime) -> Money:
    """The promised days are over and it isn't all there: refund the surcharge of what is still bought.

    The goods and the standard freight stay as they are. Gives what went back; zero if it had arrived.
    """
    order = Order.objects.locked(order_id)
    zero = Money.zero(order.currency)
    if order.state not in COMING:
        return zero
    left = order.left
    for line in order.lines.filter(express_minor__gt=0, express_back_minor=0).order_by("position"):
        share = min(surcharge(line), line.left, left)
        line.express_back_minor = share.minor
        line.refunded_minor += share.minor
        line.save(update_fields=["express_back_minor", "refunded_minor"])
        left -= share
    amount = order.left - left
    if not amount:
        return zero
    refunding.give_back(order, amount=amount, purpose="express_late", actor=actor, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(ExpressLate(*ids, amount.minor), at=at)
    refunding.end_if_empty(order, actor=actor, at=at)
    return amount


def surcharge(line: OrderLine) -> Money:
    """What express cost on top for the pieces whose money didn't go back."""
    gone = line.gone_quantity
    share = refund_sums.units_share(
        whole=line.express_minor, quantity=line.quantity, already=gone, units=line.quantity - gone
    )
    return Money(share)
