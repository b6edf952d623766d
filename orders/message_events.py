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


@event("orders.MessageReported")
@dataclass(frozen=True, slots=True)
class MessageReported(OrderFact):
    """One side asks the platform to look at a message of the other."""

    report_id: UUID


@event("orders.MessageReportDecided")
@dataclass(frozen=True, slots=True)
class MessageReportDecided(OrderFact):
    report_id: UUID
    outcome: str


@event("orders.MessageReportOverdue")
@dataclass(frozen=True, slots=True)
class MessageReportOverdue(OrderFact):
    """The platform's own time is over; a senior answers it."""

    report_id: UUID
