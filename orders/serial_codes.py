"""Which serial codes went out with an order: tied by the shop, shown to the buyer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from catalog import serial_handing
from catalog.serial_handing import Handed
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from orders.models import FaultClaim, Order
from orders.models.claims import EXCHANGE
from orders.states import ClaimState, OrderState

# From payment on, and while the goods can still be looked at.
OPEN = frozenset({OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED})


# An exchange whose other piece is set aside or went out: it has a code of its own.
GIVEN = (ClaimState.IN_HAND, ClaimState.SENT, ClaimState.ARRIVED, ClaimState.DONE)
PACKING = (ClaimState.IN_HAND, ClaimState.SENT)


class NothingToHandOut(DomainError):
    code = "order_hands_nothing_out"
    message = N_("Codes go out with an order that is paid and not over.")


@transaction.atomic
def hand_out(*, order_id: UUID, line_id: UUID, code: str, actor: Actor, at: datetime) -> Handed:
    """Tie a code to a line of the order. What is wrong with the code is told as an outcome, see Handed.

    Each piece has one, and so has each that is given for it in exchange, even of an order that is over.

    :raises NotFound: the line is of another order :raises NothingToHandOut: not paid, or over
    """
    order = Order.objects.locked(order_id)
    line = order.lines.filter(pk=line_id).first()
    if line is None:
        raise NotFound
    exchanges = FaultClaim.objects.of_line(line.pk).filter(remedy=EXCHANGE)
    if order.state not in OPEN and not exchanges.filter(state__in=PACKING).exists():
        raise NothingToHandOut
    return serial_handing.hand_out(
        merchant_id=order.merchant_id,
        listing_id=line.listing_id,
        line_id=line.pk,
        pieces=line.quantity + given([line.pk]).get(line.pk, 0),
        text=code,
        at=at,
    )


def given(line_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many pieces were given in exchange for those of each line; one statement."""
    rows = FaultClaim.objects.filter(line_id__in=list(line_ids), remedy=EXCHANGE, state__in=GIVEN)
    return dict(rows.order_by().values_list("line_id").annotate(pieces=Sum("quantity")))
