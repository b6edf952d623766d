"""Messages waiting to be handed on, receipts of what was handled, and the platform's clock row."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from kernel.ids import new_id


class Message(models.Model):
    """One published fact. `handled_at` is set when every subscriber has its receipt."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=models.functions.Now())
    handled_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="outbox_message_waiting",
                condition=Q(handled_at__isnull=True, parked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Receipt(models.Model):
    """A subscriber has handled a message; written with the effect, so it happens once."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    handler = models.CharField(max_length=200)
    handled_at = models.DateTimeField()

    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "handler"], name="outbox_a_handler_has_one_receipt"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.message_id}"


class PlatformClock(models.Model):
    """The one row by which the platform's time differs from the database's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField()
    shiftable = models.BooleanField(default=False)
    # Past days are being played by a process that sweeps at its own instant; nobody else may meanwhile.
    played = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="outbox_there_is_one_clock"),
            models.CheckConstraint(
                condition=Q(played=False) | Q(shiftable=True), name="outbox_a_fixed_clock_is_never_played"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift}"
