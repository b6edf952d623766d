"""The one clock of a claim on a cover: the insurer answers, or it pays (policy silence.cover_answer)."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from orders.models import CoverClaim
from rulebook import promises

ANSWER = "covers.answer"
POLICY = "silence.cover_answer"


def start_answer(claim: CoverClaim, *, at: datetime) -> datetime:
    window = promises.due(POLICY, start=at, at=at)
    booking.book(kind=ANSWER, reference=claim.pk, at=at, **window.as_booking())
    return window.due_at


def end_answer(claim: CoverClaim, *, at: datetime) -> None:
    booking.meet(kind=ANSWER, reference=claim.pk, at=at)


def answer_by(claim: CoverClaim) -> datetime | None:
    """When the insurer's time ends, by its row; None where it is over."""
    row = booking.find(kind=ANSWER, reference=claim.pk)
    return row.due_at if row else None
