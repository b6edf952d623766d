"""The clock of a shop's confirmation: what it said before the order, counted from when the sum is there."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from law.counting import Length, Unit
from orders.models import Order
from rulebook import promises

CONFIRMATION = "reserved.confirmation"
POLICY = "silence.order_confirmation"


def start(order: Order, *, at: datetime) -> datetime:
    """The shop's hours run from now; gives their end."""
    assert order.confirm_hours is not None
    window = promises.due(
        POLICY,
        start=at,
        at=order.placed_at,
        place=order.place,
        length=Length(order.confirm_hours, Unit.HOURS),
    )
    booking.book(kind=CONFIRMATION, reference=order.pk, at=at, **window.as_booking())
    return window.due_at


def require_in_time(order: Order, *, at: datetime) -> None:
    """:raises TooLate: on or after its end, even if no sweep has let the order go yet"""
    booking.require_in_time(kind=CONFIRMATION, reference=order.pk, at=at)


def end(order: Order, *, at: datetime) -> None:
    booking.meet(kind=CONFIRMATION, reference=order.pk, at=at)
