"""Idempotency keys: one row per form or API call that moves money or opens a case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from web.queries import IdempotencyKeyQuerySet, SecurityCountQuerySet


class KeyState(models.TextChoices):
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class IdempotencyKey(models.Model):
    """What a key was used for and how it ended; never what was sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=KeyState.choices, default=KeyState.RUNNING)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="a_key_is_used_once_per_person"),
            models.CheckConstraint(condition=Q(state__in=KeyState.values), name="a_key_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state="running") | Q(status__isnull=False), name="a_finished_key_has_a_status"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="web_key_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.state}"


class SecurityCount(models.Model):
    """How often something of the security log happened at a route within an hour (UTC); about nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hour = models.DateTimeField()
    what = models.CharField(max_length=40)
    route = models.CharField(max_length=200)
    number = models.PositiveIntegerField()

    objects = SecurityCountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hour", "what", "route"], name="an_hour_is_counted_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="a_count_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.what} × {self.number}"


class KeptValue(models.Model):
    """A counter of tries while the cache's server is away; read and written by web/kept.py."""

    key = models.CharField(primary_key=True, max_length=64)
    value = models.JSONField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="web_kept_until")]

    def __str__(self) -> str:
        return self.key[:8]
