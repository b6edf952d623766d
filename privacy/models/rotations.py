"""Rotations of keys as rows, so that one which was killed goes on; and which master keys are gone."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.models.subjects import Subject


class KeyRotation(models.Model):
    """A rotation of the master key, of data keys (all, or one subject's), or of both; one is open at a time.

    Data keys younger than `started_at` are its own; `master_version` is the key it wraps everything under.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", null=True)
    master = models.BooleanField()
    data = models.BooleanField()
    master_version = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rotation of keys")
        verbose_name_plural = _("rotations of keys")
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="privacy_one_rotation_is_open",
            ),
            models.CheckConstraint(condition=Q(master=True) | Q(data=True), name="privacy_rotation_has_aim"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class RetiredMaster(models.Model):
    """A master key that is destroyed, or about to be: nothing may be wrapped under it any more."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("retired master key")
        verbose_name_plural = _("retired master keys")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.version)
