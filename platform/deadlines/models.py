"""A deadline: who must act, until when, by which rule, worked out from what."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deadlines.queries import DeadlineQuerySet
from kernel.ids import new_id


class State(models.TextChoices):
    OPEN = "open"
    PAUSED = "paused"
    MET = "met"
    FIRED = "fired"
    CANCELLED = "cancelled"


class Owner(models.TextChoices):
    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    CARRIER = "carrier"
    PROVIDER = "provider"


class Deadline(models.Model):
    """`due_at` is the first instant that is too late; rule, pack and calendar are those it was made with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    reference = models.UUIDField()
    owner = models.CharField(max_length=20, choices=Owner)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    due_at = models.DateTimeField()
    rule_id = models.CharField(max_length=100)
    pack_version = models.CharField(max_length=40)
    calendar_version = models.CharField(max_length=40, blank=True, default="")
    provisional = models.BooleanField(default=False)
    inputs = models.JSONField(default=dict)
    booked_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_letter_at = models.DateTimeField(null=True)
    last_letter_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="deadlines_open_by_due", condition=Q(state=State.OPEN)
            ),
            models.Index(fields=["reference", "kind"], name="deadlines_by_reference"),
            models.Index(
                fields=["next_letter_at", "id"],
                name="deadlines_letters_by_instant",
                condition=Q(state=State.OPEN, next_letter_at__isnull=False),
            ),
            models.Index(
                fields=["calendar_version", "id"],
                name="deadlines_provisional",
                condition=Q(state__in=[State.OPEN, State.PAUSED], provisional=True),
            ),
            models.Index(
                fields=["ended_at"], name="deadlines_by_end", condition=Q(state__in=[State.MET, State.FIRED])
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="deadlines_state_is_known"),
            models.CheckConstraint(condition=Q(owner__in=Owner.values), name="deadlines_owner_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.OPEN, State.PAUSED], ended_at__isnull=True)
                | Q(state__in=[State.MET, State.FIRED, State.CANCELLED], ended_at__isnull=False),
                name="deadlines_ended_ones_say_when",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PAUSED, paused_at__isnull=False) | ~Q(state=State.PAUSED),
                name="deadlines_paused_ones_say_since",
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(state__in=[State.OPEN, State.PAUSED]),
                name="deadlines_one_running_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d %H:%M}"


class Cause(models.TextChoices):
    EXTENDED = "extended"
    RECOUNTED = "recounted"
    RESUMED = "resumed"


class DeadlineChange(models.Model):
    """A deadline that moved: from when to when, why and by whom. Only ever added to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="changes")
    cause = models.CharField(max_length=20, choices=Cause)
    due_from = models.DateTimeField()
    due_to = models.DateTimeField()
    reason = models.TextField(max_length=2000)
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("change of a deadline")
        verbose_name_plural = _("changes of deadlines")
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="deadlines_cause_is_known"),
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(cause=Cause.EXTENDED),
                name="deadlines_extended_once",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.cause} {self.due_to:%Y-%m-%d %H:%M}"
