"""What happened in the threads of orders: ids only, never words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import event
from orders.events import OrderFact


@event("orders.OrderMessageWritten")
@dataclass(frozen=True, slots=True)
class OrderMessageWritten(OrderFact):
    """The first that the other side hasn't read; `seat` wrote it."""

    message_id: UUID
    seat: str


@event("orders.OrderMessageUnanswered")
@dataclass(frozen=True, slots=True)
class OrderMessageUnanswered(OrderFact):
    """The shop's time to answer is over; it still may."""

    turn_id: UUID
