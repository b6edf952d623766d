"""Who works here in which role, and the timed sessions in which they do it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.joint_acts import JointAct
from accounts.models.users import User
from accounts.staff_roles import Role
from kernel.ids import new_id
from privacy.fields import EncryptedTextField

_LATER_ONLY = """
IF NEW.at_start AND (
    SELECT count(DISTINCT a.user_id) FROM accounts_appointment a
    WHERE a.role = 'security_officer' AND a.ended_at IS NULL AND a.user_id <> NEW.user_id
) >= 2 THEN
    RAISE EXCEPTION 'two security officers are there: appointing takes both of them';
END IF;
IF NOT NEW.at_start AND NOT EXISTS (
    SELECT 1 FROM accounts_jointact j
    WHERE j.id = NEW.act_id AND j.kind = 'accounts.appoint' AND j.state = 'confirmed'
        AND j.proposed_by = NEW.proposed_by AND j.decided_by = NEW.confirmed_by
        AND j.parameters ->> 'user_id' = NEW.user_id::text AND j.parameters ->> 'role' = NEW.role
) THEN
    RAISE EXCEPTION 'no two people have appointed this person to this role';
END IF;
RETURN NEW;
"""


class Appointment(models.Model):
    """One person in one role, from an instant to another; made by two others, or at the very start."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    subject_id = models.UUIDField()
    role = models.CharField(max_length=30)
    at_start = models.BooleanField(default=False)
    act = models.ForeignKey(JointAct, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_by = models.UUIDField(null=True)
    confirmed_by = models.UUIDField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(ended_at__isnull=True), name="a_role_is_held_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in Role]), name="an_appointment_names_a_known_role"
            ),
            models.CheckConstraint(
                condition=Q(at_start=True, proposed_by__isnull=True, confirmed_by__isnull=True)
                | (
                    Q(at_start=False, proposed_by__isnull=False, confirmed_by__isnull=False)
                    & ~Q(proposed_by=F("confirmed_by"))
                    & ~Q(proposed_by=F("subject_id"))
                    & ~Q(confirmed_by=F("subject_id"))
                ),
                name="two_others_appoint_staff",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
                name="an_appointment_ends_after_its_start",
            ),
        ]
        indexes = [models.Index(fields=["role"], name="staff_of_a_role", condition=Q(ended_at__isnull=True))]
        triggers = [
            pgtrigger.Trigger(
                name="at_start_only_at_the_start",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_LATER_ONLY,
            ),
            pgtrigger.Protect(
                name="an_appointment_is_only_ended",
                operation=pgtrigger.UpdateOf(
                    *(
                        "user_id",
                        "subject_id",
                        "role",
                        "at_start",
                        "act_id",
                        "proposed_by",
                        "confirmed_by",
                        "since",
                    )
                ),
            ),
            pgtrigger.Protect(name="an_appointment_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.role} {str(self.user_id)[-8:]}"


class StaffSession(models.Model):
    """A stretch of work in one role, for a stated reason. Its instants are real time, never shifted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="sessions")
    subject_id = models.UUIDField()
    role = models.CharField(max_length=30)
    reason = EncryptedTextField()
    proof = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The glass that is broken now, so that a request needs one query for both.
    emergency = models.ForeignKey("accounts.Emergency", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("staff session")
        verbose_name_plural = _("staff sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at")), name="a_staff_session_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(proof__in=["totp", "webauthn"]), name="a_staff_session_has_a_second_factor"
            ),
        ]
        indexes = [models.Index(fields=["subject_id", "-started_at"], name="sessions_of_staff")]
        triggers = [
            pgtrigger.Protect(
                name="a_session_is_not_stretched",
                operation=pgtrigger.UpdateOf(
                    *("appointment_id", "subject_id", "role", "proof", "started_at", "ends_at")
                ),
            ),
            pgtrigger.Protect(name="a_session_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.started_at:%Y-%m-%d %H:%M}"


class StaffAct(models.Model):
    """One line for each thing that was sent from the staff pages, and each look behind broken glass."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(StaffSession, on_delete=models.PROTECT, related_name="acts")
    emergency = models.ForeignKey(
        "accounts.Emergency", on_delete=models.PROTECT, related_name="acts", null=True
    )
    method = models.CharField(max_length=8)
    page = models.CharField(max_length=100)
    thing = models.CharField(max_length=80, blank=True, default="")
    request_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("deed of staff")
        verbose_name_plural = _("deeds of staff")
        indexes = [models.Index(fields=["session", "id"], name="acts_of_a_session")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.method} {self.page}"
