"""Sending many orders at once from pasted lines; each line by itself, none stops another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import fulfilment
from orders.models import Order

MOST_LINES = 500


class LineUnreadable(Invalid):
    code = "line_unreadable"
    message = N_("Write the order number, a space, and the tracking number.")


class OrderUnknown(Invalid):
    code = "order_unknown"
    message = N_("No order of yours has this number.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pasted line."""

    line: int
    text: str
    refusal: DomainError | None = None


def ship_lines(*, merchant_id: UUID, text: str, actor: Actor, at: datetime) -> list[Outcome]:
    """Send every order that its line names; gives an outcome per line that isn't empty."""
    outcomes = []
    for number, raw in enumerate(text.splitlines()[:MOST_LINES], start=1):
        row = raw.strip()
        if not row:
            continue
        try:
            _ship_line(merchant_id, row, actor=actor, at=at)
        except DomainError as refusal:
            outcomes.append(Outcome(number, row[:80], refusal))
        else:
            outcomes.append(Outcome(number, row[:80]))
    return outcomes


def _ship_line(merchant_id: UUID, row: str, *, actor: Actor, at: datetime) -> None:
    order_number, _separator, tracking = row.replace(",", " ").replace("\t", " ").partition(" ")
    if not tracking.strip():
        raise LineUnreadable()
    order = Order.objects.of_merchant(merchant_id).filter(number=order_number.upper()).first()
    if order is None:
        raise OrderUnknown()
    fulfilment.ship(order_id=order.pk, tracking_number=tracking, actor=actor, at=at)
