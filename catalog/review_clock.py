"""Which fact about a listing starts which clock; lengths come from the silence table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from deadlines import booking
from deadlines.models import Deadline
from rulebook import promises

if TYPE_CHECKING:
    from catalog.models import Submission

REVIEW = "catalog.review"


def start_review(submissions: Sequence[Submission], *, place: str, at: datetime) -> datetime:
    """The platform's time to read submissions from one place; gives the first instant that is too late."""
    window = promises.due("silence.staff_review", start=at, at=at, place=place)
    references = [each.pk for each in submissions]
    booking.book_all(kind=REVIEW, references=references, at=at, **window.as_booking())
    return window.due_at


def review_clock(submission: Submission) -> Deadline | None:
    """The running clock of the decision."""
    return booking.find(kind=REVIEW, reference=submission.pk)
