"""What proves an erasure afterwards, and the record of the nightly sweep."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.models.requests import Request

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
models.BinaryField.register_lookup(Length, "bytes")


class Certificate(models.Model):
    """What went, what stays, by which rule, until when: the very bytes that were signed; no personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="certificate")
    content = models.BinaryField()
    signature = models.BinaryField()
    key_id = models.CharField(max_length=32)
    issued_at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        constraints = [
            models.CheckConstraint(condition=Q(signature__bytes=64), name="privacy_a_certificate_is_signed")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return str(self.id)


class RetentionRun(models.Model):
    """One nightly sweep over what has outlived its purpose: counts by kind, never whose it was."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = [models.Index(fields=["-started_at"], name="privacy_retention_runs_by_time")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"
