"""Breaking the glass: what a role forbids, for a reason, for minutes, in front of everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import deadlines
from accounts.models import Emergency, StaffSession
from accounts.staff import subjects_in
from accounts.staff_roles import WORDS, Role
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from notifications.kinds import Value
from notifications.sending import send
from rulebook import policies

REASON_LETTERS = 20
# They hear the alarm and review it; nobody gets their powers in the dark.
BEHIND_NO_GLASS = (Role.SECURITY_OFFICER, Role.AUDITOR)
OPENED, OVERDUE = "accounts.emergency_opened", "accounts.emergency_overdue"


class ReasonTooShort(Invalid):
    code = "emergency_reason_short"
    message = N_("Say in a sentence what happened and why it can't wait for the colleague whose task it is.")


class NotBehindGlass(Invalid):
    code = "emergency_role_unfit"
    message = N_("These powers can't be opened this way. Call the colleague whose task it is.")


class GlassBroken(DomainError):
    code = "emergency_runs"
    message = N_("You have broken the glass already; one emergency at a time.")


class OwnEmergency(DomainError):
    code = "emergency_own"
    message = N_("Somebody else must review what you have opened.")


class AlreadyReviewed(DomainError):
    code = "emergency_reviewed"
    message = N_("This was reviewed before.")


@transaction.atomic
def break_glass(
    *, session_id: UUID, role: str, reason: str, actor: Actor, now: datetime, at: datetime
) -> Emergency:
    """Open another role's powers to this session; every security officer and auditor hears it at once.

    `now` is real time (the session's), `at` the platform's (letters, review).

    :raises ReasonTooShort, NotBehindGlass, GlassBroken: nothing is opened then
    """
    session = StaffSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session_id)
    if session.subject_id != actor.subject_id or session.ended_at is not None:
        raise NotFound()
    if role not in set(Role) or Role(role) in BEHIND_NO_GLASS or role == session.role:
        raise NotBehindGlass(field="role")
    if len(reason.strip()) < REASON_LETTERS:
        raise ReasonTooShort(field="reason")
    if session.emergency is not None and session.emergency.ends_at > now:
        raise GlassBroken()
    ends_at = min(now + timedelta(minutes=policies.number("staff.emergency_minutes", at)), session.ends_at)
    emergency = Emergency(
        session=session, subject_id=session.subject_id, role=role, opened_at=at, ends_at=ends_at
    )
    emergency.reason = reason.strip()[:1000]
    emergency.save(force_insert=True)
    session.emergency = emergency
    session.save(update_fields=["emergency"])
    deadlines.start_review(emergency.pk, at=at)
    _alarm(emergency, OPENED, at=at)
    return emergency


@transaction.atomic
def review(*, emergency_id: UUID, justified: bool, finding: str, actor: Actor, at: datetime) -> Emergency:
    """Close the review: was it right to open this?

    :raises OwnEmergency, AlreadyReviewed, ReasonTooShort: nothing changes then
    """
    emergency = Emergency.objects.select_for_update(no_key=True).filter(pk=emergency_id).first()
    if emergency is None or not actor.is_staff or actor.subject_id is None:
        raise NotFound()
    if emergency.subject_id == actor.subject_id:
        raise OwnEmergency()
    if emergency.reviewed_at is not None:
        raise AlreadyReviewed()
    if len(finding.strip()) < REASON_LETTERS:
        raise ReasonTooShort(field="finding")
    emergency.reviewed_by, emergency.reviewed_at, emergency.justified = actor.subject_id, at, justified
    emergency.finding = finding.strip()[:2000]
    emergency.save(update_fields=["reviewed_by", "reviewed_at", "justified", "finding"])
    deadlines.end_review(emergency.pk, at=at)
    return emergency


@transaction.atomic
def on_review_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody has looked in time: it goes to the seniors, and the alarm sounds again."""
    emergency = Emergency.objects.select_for_update(no_key=True).get(pk=reference)
    if emergency.reviewed_at is not None or emergency.with_senior:
        return
    emergency.with_senior = True
    emergency.save(update_fields=["with_senior"])
    _alarm(emergency, OVERDUE, at=at, also=(Role.SENIOR,))


def open_now(*, now: datetime) -> list[Emergency]:
    """What everybody in the staff pages sees while it lasts."""
    found = Emergency.objects.filter(reviewed_at__isnull=True, ends_at__gt=now)
    return list(found.select_related("session").order_by("opened_at"))


def to_review() -> list[Emergency]:
    """What nobody else has looked at yet, the oldest first."""
    return list(
        Emergency.objects.filter(reviewed_at__isnull=True).select_related("session").order_by("opened_at")
    )


def _alarm(emergency: Emergency, kind: str, *, at: datetime, also: tuple[Role, ...] = ()) -> None:
    heard = {person for role in (*BEHIND_NO_GLASS, *also) for person in subjects_in(role)}
    params: dict[str, Value] = {
        "role": WORDS[Role(emergency.role)],
        "moment": at,
        "path": "/staff/emergencies/",
    }
    for person in sorted(heard):
        send(subject_id=person, kind=kind, reference=emergency.pk, params=params, at=at)
