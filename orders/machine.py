"""Which steps of a person's orders and returns no human made: for the privacy centre."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from kernel.errors import N_
from orders.models import OrderMove, ReturnMove
from privacy.automated import Decided

MOST = 100
MACHINE = "system"
ORDER_MOVES = {
    "expire": N_("The order ended unpaid"),
    "cancel": N_("The order was cancelled and refunded because it was never sent"),
    "cancel_rest": N_("What was never sent was cancelled and refunded"),
    "settle": N_("The seller was paid after the deadlines had passed"),
}
RETURN_MOVES = {
    "accept": N_("The return was accepted"),
    "refund": N_("The return was refunded because the seller stayed silent"),
    "close": N_("The return ended because nothing was posted in time"),
}


def decided(subject_id: UUID) -> Iterator[Decided]:
    """Two statements: steps of orders, steps of returns."""
    moves = OrderMove.objects.filter(
        order__subject_id=subject_id, actor=MACHINE, name__in=sorted(ORDER_MOVES)
    ).select_related("order")
    for move in moves.order_by("-at")[:MOST]:
        number = move.order.number
        path = reverse("orders:order", args=[number])
        yield Decided("silence", move.at, number, ORDER_MOVES[move.name], path)
    steps = ReturnMove.objects.filter(
        returning__order__subject_id=subject_id, actor=MACHINE, name__in=sorted(RETURN_MOVES)
    ).select_related("returning__order")
    for step in steps.order_by("-at")[:MOST]:
        kind = "return_accepted" if step.name == "accept" else "silence"
        path = reverse("orders:order", args=[step.returning.order.number])
        yield Decided(kind, step.at, step.returning.number, RETURN_MOVES[step.name], path)
