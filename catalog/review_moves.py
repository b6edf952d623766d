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
    made = moved(submission, name, actor=actor, at=at, rule_id=rule_id)
    made.reason, made.field = reason, field
    made.start, made.end = span or (None, None)
    for column, value in changes.items():
        setattr(submission, column, value)
    submission.save(update_fields=["state", "decided_at", *changes])
    made.save(force_insert=True)
    return made


def moved(
    submission: Submission, name: str, *, actor: Actor, at: datetime, rule_id: str = ""
) -> SubmissionMove:
    """The submission as it is after the move, and the line of its history; neither is written yet.

    :raises IllegalMove: the lifecycle doesn't allow it
    """
    came_from, submission.state = submission.state, SUBMISSION.target(submission.state, name)
    submission.decided_at = None if submission.state in OPEN else at
    return SubmissionMove(
        submission=submission,
        name=name,
        from_state=came_from,
        to_state=submission.state,
        rule_id=rule_id,
        actor=str(actor),
        at=at,
    )


def close_clock(submission: Submission, *, at: datetime) -> None:
    """Nobody has to act on it any more."""
    booking.cancel(kind=REVIEW, reference=submission.pk, at=at)
