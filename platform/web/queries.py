"""Rows of `web`: claiming a key waits for whoever holds it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from web.models import IdempotencyKey


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def claim(self, *, scope: str, key: str, fingerprint: str, at: datetime) -> IdempotencyKey:
        """The locked row for this key, made if new. A twin request waits here until the first ends."""
        row = self.model(scope=scope, key=key, fingerprint=fingerprint, created_at=at)
        self.bulk_create([row], ignore_conflicts=True)
        return self.select_for_update().get(scope=scope, key=key)

    def older_than(self, moment: datetime) -> IdempotencyKeyQuerySet:
        return self.filter(created_at__lt=moment)
