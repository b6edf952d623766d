"""Files kept encrypted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from privacy.fields import EncryptedTextField, KeyVersionField
from privacy.models.subjects import Subject


class FileState(models.TextChoices):
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    REFUSED = "refused"


class StoredFile(models.Model):
    """A file kept encrypted under its subject's key; shown to nobody until it was examined."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    name = EncryptedTextField(subject="subject_id")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=FileState, default=FileState.QUARANTINED)
    refusal = models.CharField(max_length=60, blank=True, default="")
    path = models.CharField(max_length=200)
    # Under which key each copy lies; empty only on rows older than these columns.
    key_version = KeyVersionField(null=True)
    shown_path = models.CharField(max_length=200, blank=True, default="")
    shown_key_version = KeyVersionField(null=True)
    received_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FileState.values), name="privacy_file_state_is_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="privacy_a_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
