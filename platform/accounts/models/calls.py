"""Is this really from you? Codes of calls that staff make, and reports of those who pretend to be us."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models.staff import StaffSession
from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models import Subject


class CallCode(models.Model):
    """Six digits that a caller of ours says and the called person sees in their account, for minutes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(StaffSession, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    code = models.CharField(max_length=6)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="a_call_code_has_six_digits"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="a_call_code_has_an_end"),
        ]
        indexes = [models.Index(fields=["subject", "-ends_at"], name="call_codes_of_a_person")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"call {str(self.pk)[-8:]}"


class LookalikeReport(models.Model):
    """Somebody met a page, a letter or a caller that pretended to be us."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    # Up to the question mark: what stands behind it may be about the person.
    address = models.CharField(max_length=300, blank=True, default="")
    words = EncryptedTextField()
    at = models.DateTimeField()
    handled_by = models.UUIDField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True, handled_at__isnull=True)
                | Q(handled_by__isnull=False, handled_at__isnull=False),
                name="a_handled_report_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="reports_to_handle", condition=Q(handled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"report {str(self.pk)[-8:]}"
