"""Letters about cases, to the buyer and to the shop; texts in templates/letters/complaints/."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from accounts.finding import is_account
from complaints import deadlines
from complaints.models import Complaint
from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders import guest_links

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_CASE: dict[str, Value] = {"number": "C7M3Q9XK2PB", "path": "/complaints/C7M3Q9XK2PB/"}
_DATED: dict[str, Value] = {**_CASE, "until": _DAY}
_SUM: dict[str, Value] = {**_CASE, "amount": Money(12900)}

KINDS = (
    LetterKind("complaints.opened_to_buyer", sample=_DATED),
    LetterKind("complaints.opened_to_merchant", sample={**_DATED, "amount": Money(12900)}),
    LetterKind("complaints.answered_to_buyer", sample=_DATED),
    LetterKind("complaints.countered_to_shop", sample=_DATED),
    LetterKind("complaints.undertaken", sample=_DATED),
    LetterKind("complaints.performed_to_buyer", sample=_DATED),
    LetterKind("complaints.confirmed", sample=_CASE),
    LetterKind("complaints.escalated", sample=_DATED),
    LetterKind("complaints.agreed", sample=_SUM),
    LetterKind("complaints.decided", sample=_SUM),
)


def opened_to_buyer(complaint: Complaint, answer_by: datetime, *, at: datetime) -> None:
    _to_buyer(complaint, "opened_to_buyer", {"until": answer_by}, at)


def opened_to_merchant(complaint: Complaint, answer_by: datetime, *, at: datetime) -> None:
    _to_shop(complaint, "opened_to_merchant", {"until": answer_by, "amount": complaint.claimed}, at)


def answered_to_buyer(complaint: Complaint, *, at: datetime) -> None:
    clock = deadlines.shown(complaint)
    _to_buyer(complaint, "answered_to_buyer", {"until": clock.due_at if clock else at}, at)


def countered_to_shop(complaint: Complaint, *, at: datetime) -> None:
    clock = deadlines.shown(complaint)
    _to_shop(complaint, "countered_to_shop", {"until": clock.due_at if clock else at}, at)


def undertaken(complaint: Complaint, perform_by: datetime, *, at: datetime) -> None:
    _to_both(complaint, "undertaken", {"until": perform_by}, at)


def performed_to_buyer(complaint: Complaint, check_by: datetime, *, at: datetime) -> None:
    _to_buyer(complaint, "performed_to_buyer", {"until": check_by}, at)


def confirmed(complaint: Complaint, *, at: datetime) -> None:
    _to_both(complaint, "confirmed", {}, at)


def escalated(complaint: Complaint, *, at: datetime) -> None:
    clock = deadlines.shown(complaint)
    _to_both(complaint, "escalated", {"until": clock.due_at if clock else at}, at)


def agreed(complaint: Complaint, *, at: datetime) -> None:
    _to_both(complaint, "agreed", {"amount": complaint.granted}, at)


def decided(complaint: Complaint, *, at: datetime) -> None:
    _to_both(complaint, "decided", {"amount": complaint.granted}, at)


def _to_both(complaint: Complaint, kind: str, extra: dict[str, Value], at: datetime) -> None:
    _to_buyer(complaint, kind, extra, at)
    _to_shop(complaint, kind, extra, at)


def _to_buyer(complaint: Complaint, kind: str, extra: dict[str, Value], at: datetime) -> None:
    own = f"/complaints/{complaint.number}/"
    # A guest is known on any device by the order's signed link; the cases are listed from there.
    path = own if is_account(complaint.subject_id) else guest_links.link(complaint.order)
    params = {"number": complaint.number, "path": path, **extra}
    send(
        subject_id=complaint.subject_id,
        kind=f"complaints.{kind}",
        reference=complaint.pk,
        params=params,
        at=at,
    )


def _to_shop(complaint: Complaint, kind: str, extra: dict[str, Value], at: datetime) -> None:
    path = f"/merchant/{complaint.merchant.slug}/complaints/{complaint.number}/"
    params = {"number": complaint.number, "path": path, **extra}
    for subject_id in _members(complaint):
        send(subject_id=subject_id, kind=f"complaints.{kind}", reference=complaint.pk, params=params, at=at)


def _members(complaint: Complaint) -> Iterator[UUID]:
    yield from complaint.merchant.memberships.filter(ended_at__isnull=True).values_list(
        "subject_id", flat=True
    )
