"""Subjects, their keys, their files, and the record of who looked."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from privacy.fields import EncryptedTextField


class Subject(models.Model):
    """Whom data belongs to: a person or a business. Accounts and guest links attach to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    locale = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(locale__in=["zh-hans", "zh-hant", "en"]), name="privacy_subject_locale_is_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SubjectKey(models.Model):
    """A subject's data key, wrapped by the master key; destroying it shreds the subject's data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="keys")
    version = models.PositiveSmallIntegerField()
    master_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="privacy_one_key_per_version"),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="privacy_a_destroyed_key_is_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} v{self.version}"


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
    shown_path = models.CharField(max_length=200, blank=True, default="")
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
