"""What is asked of letters and deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

if TYPE_CHECKING:
    from notifications.models import Delivery, Letter  # noqa: F401


class LetterQuerySet(models.QuerySet["Letter"]):
    def of_subjects(self, subject_ids: Iterable[UUID]) -> LetterQuerySet:
        """Newest first."""
        return self.filter(subject_id__in=subject_ids).order_by("-created_at", "-id")

    def unread(self) -> LetterQuerySet:
        return self.filter(read_at__isnull=True)


class CopyQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> CopyQuerySet:
        return self.filter(state="queued", next_attempt_at__lte=at).order_by("next_attempt_at", "id")

    def claimable(self, at: datetime) -> CopyQuerySet:
        """Due rows that no other worker is claiming at this moment."""
        return self.due(at).select_for_update(skip_locked=True, of=("self",), no_key=True)
