"""Which fact about staff starts which clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import AccountFreeze
from deadlines import booking
from rulebook import policies

EMERGENCY_REVIEW = "accounts.emergency_review"
RECOVERY = "accounts.recovery"


def start_review(emergency_id: UUID, *, at: datetime) -> datetime:
    """Somebody else must have looked by then; gives the first instant that is too late."""
    policy = policies.row("staff.emergency_review_days", at)
    due_at = at + timedelta(days=int(policy.value))
    booking.book(
        kind=EMERGENCY_REVIEW,
        reference=emergency_id,
        due_at=due_at,
        rule_id=policy.rule_id,
        pack_version=policy.pack_version,
        owner="platform",
        inputs={"opened_at": at.isoformat(), "days": int(policy.value)},
        at=at,
    )
    return due_at


def end_review(emergency_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=EMERGENCY_REVIEW, reference=emergency_id, at=at)


def book_recovery(freeze: AccountFreeze, *, at: datetime) -> datetime:
    """The waiting time in which whoever holds another contact can still object."""
    policy = policies.row("accounts.safety", at)
    due_at = at + timedelta(hours=policy.value["recovery_hours"])
    booking.book(
        kind=RECOVERY,
        reference=freeze.pk,
        due_at=due_at,
        rule_id=policy.rule_id,
        pack_version=policy.pack_version,
        owner="platform",
        at=at,
    )
    return due_at


def undo_days(at: datetime) -> timedelta:
    """How far back the owner can undo what somebody else changed."""
    return timedelta(days=policies.value("accounts.safety", at)["undo_days"])
