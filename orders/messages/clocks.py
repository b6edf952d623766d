"""When the shop has to have answered, and the platform a report; the Deadline row is the truth."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deadlines import booking
from law.windows import Window
from orders.models import Order
from rulebook import promises

ANSWER = "order_messages.answer"
POLICY = "silence.order_message"
REPORT = "order_messages.report"
REPORT_POLICY = "order_messages.report"


def window(order: Order, *, at: datetime) -> Window:
    return promises.due(POLICY, start=at, at=at, place=order.place)


def start(turn_id: UUID, found: Window, *, at: datetime) -> None:
    booking.book(kind=ANSWER, reference=turn_id, at=at, **found.as_booking())


def meet(turn_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=ANSWER, reference=turn_id, at=at)


def report_window(order: Order, *, at: datetime) -> Window:
    """The platform's own time to answer a report of a message."""
    return promises.due(REPORT_POLICY, start=at, at=at, place=order.place)


def start_report(report_id: UUID, found: Window, *, at: datetime) -> None:
    booking.book(kind=REPORT, reference=report_id, at=at, **found.as_booking())


def meet_report(report_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=REPORT, reference=report_id, at=at)
