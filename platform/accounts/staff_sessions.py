"""Timed work: a staff session has a role, a reason and an end. All its instants are real time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Appointment, Emergency, StaffAct, StaffSession, User
from accounts.staff_roles import Role
from kernel.errors import N_, DomainError, Invalid, NotFound
from rulebook import policies

SEEN_EVERY = timedelta(seconds=30)
REASON_LETTERS = 8


class ReasonTooShort(Invalid):
    code = "staff_reason_short"
    message = N_("Say in a few words what you are going to work on.")


class SessionOver(DomainError):
    """Shown in place of the answer to a form, so that the browser's way back keeps what was written."""

    code = "staff_session_over"
    message = N_(
        "Your working session has ended, so nothing was done."
        " Open a new one in another tab, then go back and send the form again."
    )
    status = 403


@transaction.atomic
def begin(*, user: User, role: str, reason: str, proof: str, now: datetime, at: datetime) -> StaffSession:
    """Open a session; `now` is real time, `at` the platform's (for the policy in force).

    :raises NotFound: the role is not held; ReasonTooShort
    """
    held = Appointment.objects.filter(user_id=user.pk, role=role, ended_at__isnull=True).first()
    if held is None or not user.is_active:
        raise NotFound()
    if len(reason.strip()) < REASON_LETTERS:
        raise ReasonTooShort(field="reason")
    session = StaffSession(
        appointment=held,
        subject_id=user.subject_id,
        role=role,
        proof=proof,
        started_at=now,
        ends_at=now + timedelta(minutes=policies.number("staff.session_minutes", at)),
        seen_at=now,
    )
    session.reason = reason.strip()[:500]
    session.save(force_insert=True)
    return session


def running(*, session_id: UUID, user_id: UUID, now: datetime, at: datetime) -> StaffSession | None:
    """The session if it still counts: one query by its key. A role that has ended ends it."""
    found = (
        StaffSession.objects.select_related("appointment", "emergency")
        .filter(pk=session_id, ended_at__isnull=True, ends_at__gt=now)
        .filter(appointment__user_id=user_id, appointment__ended_at__isnull=True)
        .first()
    )
    idle = timedelta(minutes=policies.number("staff.idle_minutes", at))
    return found if found is not None and now - found.seen_at < idle else None


def touch(session: StaffSession, *, now: datetime) -> None:
    """Somebody is still there; written at most every half minute."""
    if now - session.seen_at >= SEEN_EVERY:
        StaffSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(seen_at=now)


@transaction.atomic
def end(*, session_id: UUID, user_id: UUID, now: datetime) -> None:
    """Done for now. A second time changes nothing."""
    StaffSession.objects.filter(pk=session_id, appointment__user_id=user_id, ended_at__isnull=True).update(
        ended_at=now
    )


def note_act(
    session: StaffSession,
    *,
    method: str,
    page: str,
    thing: str,
    request_id: str,
    now: datetime,
    at: datetime,
) -> None:
    """One line before the thing is done, so that no deed is without one."""
    StaffAct.objects.create(
        session=session,
        emergency=broken_glass(session, now=now),
        method=method,
        page=page[:100],
        thing=thing[:80],
        request_id=request_id[:64],
        at=at,
    )


def broken_glass(session: StaffSession, *, now: datetime) -> Emergency | None:
    """The emergency that runs in this session, if one does."""
    found: Emergency | None = session.emergency
    return found if found is not None and found.ends_at > now else None


def powers(session: StaffSession, *, now: datetime) -> tuple[Role, ...]:
    """The session's role, and while the glass is broken the one behind it."""
    glass = broken_glass(session, now=now)
    return (Role(session.role), *((Role(glass.role),) if glass else ()))
