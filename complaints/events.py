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


@event("complaints.OfferCountered")
@dataclass(frozen=True, slots=True)
class OfferCountered(_OfComplaint):
    """The buyer asks for something else; nothing at all is a plain no."""

    remedy: str
    asked_minor: int


@event("complaints.RemedyUndertaken")
@dataclass(frozen=True, slots=True)
class RemedyUndertaken(_OfComplaint):
    remedy: str
    perform_by: datetime


@event("complaints.RemedyPerformed")
@dataclass(frozen=True, slots=True)
class RemedyPerformed(_OfComplaint):
    remedy: str
    check_by: datetime


@event("complaints.RemedyConfirmed")
@dataclass(frozen=True, slots=True)
class RemedyConfirmed(_OfComplaint):
    remedy: str
    by_silence: bool


@event("complaints.RemedyLapsed")
@dataclass(frozen=True, slots=True)
class RemedyLapsed(_OfComplaint):
    """The shop didn't do in time what it had undertaken; it turns into a refund."""

    remedy: str
    due_at: datetime


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
