"""Facts about credit and reviews, handed up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@event("credit.GradeChanged")
@dataclass(frozen=True, slots=True)
class GradeChanged(Event):
    """A shop's letter changed; `score_permille` is None for N."""

    grading_id: UUID
    merchant_id: UUID
    grade_from: str
    grade_to: str
    score_permille: int | None


@event("credit.ReviewWritten")
@dataclass(frozen=True, slots=True)
class ReviewWritten(Event):
    """Scores are 1 to 5."""

    review_id: UUID
    order_id: UUID
    line_id: UUID
    merchant_id: UUID
    subject_id: UUID
    goods: int
    description: int
    delivery: int
    aftersales: int


@event("credit.ReviewAnswered")
@dataclass(frozen=True, slots=True)
class ReviewAnswered(Event):
    """The shop replied to a review."""

    review_id: UUID
    merchant_id: UUID
    subject_id: UUID
