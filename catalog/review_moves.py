"""The only code that writes `Submission.state`."""

from __future__ import annotations

from datetime import datetime

from catalog.models import Submission, SubmissionMove
from catalog.review_clock import REVIEW
from catalog.submission_lifecycle import OPEN, SUBMISSION
from deadlines import booking
from kernel.actor import Actor


def move(
    submission: Submission,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    rule_id: str = "",
    field: str = "",
    span: tuple[int, int] | None = None,
    **changes: object,
) -> SubmissionMove:
    """Make a move on a submission whose listing is locked, and keep it as history.

    :raises IllegalMove: the lifecycle doesn't allow it
    """
    came_from, submission.state = submission.state, SUBMISSION.target(submission.state, name)
    submission.decided_at = None if submission.state in OPEN else at
    for column, value in changes.items():
        setattr(submission, column, value)
    submission.save(update_fields=["state", "decided_at", *changes])
    return SubmissionMove.objects.create(
        submission=submission,
        name=name,
        from_state=came_from,
        to_state=submission.state,
        reason=reason,
        rule_id=rule_id,
        field=field,
        start=span[0] if span else None,
        end=span[1] if span else None,
        actor=str(actor),
        at=at,
    )


def close_clock(submission: Submission, *, at: datetime) -> None:
    """Nobody has to act on it any more."""
    booking.cancel(kind=REVIEW, reference=submission.pk, at=at)
