"""What happened in a case: ids and numbers for those above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@dataclass(frozen=True, slots=True)
class _OfComplaint(Event):
    complaint_id: UUID
    order_id: UUID
    merchant_id: UUID
    subject_id: UUID


@event("complaints.ComplaintOpened")
@dataclass(frozen=True, slots=True)
class ComplaintOpened(_OfComplaint):
    category: str
    claimed_minor: int
    answer_by: datetime


@event("complaints.ComplaintAnswered")
@dataclass(frozen=True, slots=True)
class ComplaintAnswered(_OfComplaint):
    in_hours: int
    offered_minor: int


@event("complaints.OfferMade")
@dataclass(frozen=True, slots=True)
class OfferMade(_OfComplaint):
    offered_minor: int


@event("complaints.AnswerOverdue")
@dataclass(frozen=True, slots=True)
class AnswerOverdue(_OfComplaint):
    due_at: datetime


@event("complaints.ComplaintEscalated")
@dataclass(frozen=True, slots=True)
class ComplaintEscalated(_OfComplaint):
    cause: str
    unanswered: bool


@event("complaints.ComplaintAgreed")
@dataclass(frozen=True, slots=True)
class ComplaintAgreed(_OfComplaint):
    granted_minor: int


@event("complaints.ComplaintDecided")
@dataclass(frozen=True, slots=True)
class ComplaintDecided(_OfComplaint):
    outcome: str
    granted_minor: int
    claimed_minor: int
    unanswered: bool


@event("complaints.ComplaintRemedied")
@dataclass(frozen=True, slots=True)
class ComplaintRemedied(_OfComplaint):
    amount_minor: int
    short_minor: int


@event("complaints.ComplaintWithdrawn")
@dataclass(frozen=True, slots=True)
class ComplaintWithdrawn(_OfComplaint):
    pass


@event("complaints.DecisionOverdue")
@dataclass(frozen=True, slots=True)
class DecisionOverdue(_OfComplaint):
    due_at: datetime
