"""The platform's own people: who holds which role. Two others appoint; only the first come by command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts.finding import account_locked
from accounts.joint_acts import Signed, Step
from accounts.models import Appointment, StaffSession, User
from accounts.staff_roles import Role
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid

__all__ = ["Appoint", "Dismiss", "Role", "appoint", "appoint_first", "dismiss", "roles_of", "subjects_in"]


class NotFirst(DomainError):
    code = "staff_not_first"
    message = N_("Two security officers are there already: they appoint further staff together.")


class OwnAppointment(DomainError):
    code = "staff_own_appointment"
    message = N_("Nobody appoints or dismisses themselves. Leave it to two colleagues.")


class RoleUnknown(Invalid):
    code = "staff_role_unknown"
    message = N_("Choose one of the roles.")


@dataclass(frozen=True, slots=True)
class Appoint(Step):
    """Let an account into the staff pages in one more role."""

    kind: ClassVar[str] = "accounts.appoint"
    permission: ClassVar[str] = "accounts.appoint_staff"
    words: ClassVar[str] = N_("Appoint to a staff role")

    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Dismiss(Step):
    """End one role of an account; its sessions in that role end at once."""

    kind: ClassVar[str] = "accounts.dismiss"
    permission: ClassVar[str] = "accounts.appoint_staff"
    words: ClassVar[str] = N_("End a staff role")

    user_id: UUID
    role: str


@transaction.atomic
def appoint(step: Appoint, signed: Signed, at: datetime) -> Appointment:
    """What two people have agreed on; the role is held from `at`.

    :raises OwnAppointment: one of the two is the person; RoleUnknown
    """
    user = account_locked(step.user_id)
    if user.subject_id in (signed.proposed_by, signed.confirmed_by):
        raise OwnAppointment()
    behind = {"act_id": signed.act_id, "proposed_by": signed.proposed_by, "confirmed_by": signed.confirmed_by}
    return _hold(user, step.role, at, **behind)


@transaction.atomic
def appoint_first(*, user_id: UUID, role: Role, at: datetime) -> Appointment:
    """By command, while there are not yet two security officers who could do it together.

    :raises NotFirst: afterwards
    """
    user = account_locked(user_id)
    others = Appointment.objects.filter(role=Role.SECURITY_OFFICER, ended_at__isnull=True)
    if others.exclude(user=user).values("user_id").distinct().count() >= 2:
        raise NotFirst()
    return _hold(user, role, at, at_start=True)


@transaction.atomic
def dismiss(step: Dismiss, signed: Signed, at: datetime) -> None:
    """The role ends now, and with its appointment every session in it."""
    user = account_locked(step.user_id)
    if user.subject_id in (signed.proposed_by, signed.confirmed_by):
        raise OwnAppointment()
    end_role(user=user, role=step.role, actor=signed.actor, at=at)


def end_role(*, user: User, role: str, actor: Actor, at: datetime) -> None:
    """For a locked account: end the role; without a last one it leaves the staff pages."""
    held = Appointment.objects.filter(user=user, ended_at__isnull=True)
    held.filter(role=role).update(ended_at=at, ended_by=str(actor))
    user.is_staff = held.exists()
    user.save(update_fields=["is_staff"])


def subjects_in(role: Role) -> list[UUID]:
    """Whoever holds the role now, by the key that letters go to."""
    found = Appointment.objects.filter(role=role, ended_at__isnull=True, user__is_active=True)
    return list(found.order_by("user_id").values_list("subject_id", flat=True))


def roles_of(user: User) -> list[Role]:
    """The roles that an account holds, in the order of the table; none for shoppers."""
    held = set(
        Appointment.objects.filter(user_id=user.pk, ended_at__isnull=True).values_list("role", flat=True)
    )
    return [role for role in Role if role.value in held]


def sessions_of(user: User) -> list[StaffSession]:
    """The last stretches of work, newest first."""
    found = StaffSession.objects.filter(subject_id=user.subject_id).order_by("-started_at")
    return list(found[:20])


def _hold(user: User, role: str, at: datetime, **behind: object) -> Appointment:
    if role not in set(Role):
        raise RoleUnknown(field="role")
    found = Appointment.objects.filter(user=user, role=role, ended_at__isnull=True).first()
    if found is None:
        found = Appointment.objects.create(
            user=user, subject_id=user.subject_id, role=role, since=at, **behind
        )
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return found
