"""The record of who looked."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from kernel.ids import new_id


class AccessRecord(models.Model):
    """A human looked at somebody's data: who, when, for what, which fields."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=80)
    fields = ArrayField(models.CharField(max_length=80))
    at = models.DateTimeField()

    append_only = True

    class Meta:
        indexes = [models.Index(fields=["subject_id", "at"], name="privacy_access_by_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.purpose}"
