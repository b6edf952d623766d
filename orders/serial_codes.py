"""Which serial codes went out with an order: tied by the shop, shown to the buyer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import serial_handing
from catalog.serial_handing import Handed
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from orders.models import Order
from orders.states import OrderState

# From payment on, and while the goods can still be looked at.
OPEN = frozenset({OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED})


class NothingToHandOut(DomainError):
    code = "order_hands_nothing_out"
    message = N_("Codes go out with an order that is paid and not over.")


@transaction.atomic
def hand_out(*, order_id: UUID, line_id: UUID, code: str, actor: Actor, at: datetime) -> Handed:
    """Tie a code to a line of the order. What is wrong with the code is told as an outcome, see Handed.

    :raises NotFound: the line is of another order :raises NothingToHandOut: not paid, or over
    """
    order = Order.objects.locked(order_id)
    if order.state not in OPEN:
        raise NothingToHandOut
    line = order.lines.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return serial_handing.hand_out(
        merchant_id=order.merchant_id,
        listing_id=line.listing_id,
        line_id=line.pk,
        pieces=line.quantity,
        text=code,
        at=at,
    )
