"""The glass: somebody opened what their role forbids, and somebody else must look at it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.staff import StaffSession
from accounts.staff_roles import Role
from kernel.ids import new_id
from privacy.fields import EncryptedTextField


class Emergency(models.Model):
    """One breaking of the glass: another role's powers, for minutes, in front of everybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(StaffSession, on_delete=models.PROTECT, related_name="emergencies")
    subject_id = models.UUIDField()
    role = models.CharField(max_length=30)
    reason = EncryptedTextField()
    opened_at = models.DateTimeField()
    # Real time, like the session; the review's deadline is platform time.
    ends_at = models.DateTimeField()
    with_senior = models.BooleanField(default=False)
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    finding = EncryptedTextField(null=True)

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in Role]), name="an_emergency_opens_a_known_role"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("subject_id")),
                name="somebody_else_reviews_an_emergency",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, justified__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, justified__isnull=False),
                name="a_reviewed_emergency_says_by_whom_and_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"], name="emergencies_to_review", condition=Q(reviewed_at__isnull=True)
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_emergency_is_not_rewritten",
                operation=pgtrigger.UpdateOf("session_id", "subject_id", "role", "opened_at", "ends_at"),
            ),
            pgtrigger.Protect(
                name="a_review_is_final",
                operation=pgtrigger.UpdateOf("reviewed_by", "reviewed_at", "justified", "with_senior"),
                condition=pgtrigger.Q(old__reviewed_at__isnull=False),
            ),
            pgtrigger.Protect(name="an_emergency_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.opened_at:%Y-%m-%d %H:%M}"
