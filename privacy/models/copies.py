"""Copies of everything held about a person, made for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.models.files import StoredFile
from privacy.models.requests import Request


class CopyState(models.TextChoices):
    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    EXPIRED = "expired"


class PersonalCopy(models.Model):
    """The file that answers a request for a copy; `done` of `total` parts are written while it is built."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="copy")
    state = models.CharField(max_length=10, choices=CopyState, default=CopyState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("copy of personal data")
        verbose_name_plural = _("copies of personal data")
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="privacy_copies_to_build",
                condition=Q(state__in=["waiting", "building"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CopyState.values), name="privacy_copy_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="privacy_a_copy_has_no_more_parts"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, expires_at__isnull=False)
                | (~Q(state="ready") & Q(file__isnull=True)),
                name="privacy_a_ready_copy_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.request_id}"
