"""When the shop has to have answered; the Deadline row is the truth."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deadlines import booking
from law.windows import Window
from orders.models import Order
from rulebook import promises

ANSWER = "order_messages.answer"
POLICY = "silence.order_message"


def window(order: Order, *, at: datetime) -> Window:
    return promises.due(POLICY, start=at, at=at, place=order.place)


def start(turn_id: UUID, found: Window, *, at: datetime) -> None:
    booking.book(kind=ANSWER, reference=turn_id, at=at, **found.as_booking())


def meet(turn_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=ANSWER, reference=turn_id, at=at)
