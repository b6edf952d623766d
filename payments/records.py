"""What is kept of our talk with providers, and of every move: models beside the money itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from payments.queries import NoticeQuerySet, ProviderCallQuerySet


class Move(models.Model):
    """One step in the life of a payment, refund or payout. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    aggregate = models.CharField(max_length=16)
    aggregate_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        app_label = "payments"
        verbose_name = _("move")
        verbose_name_plural = _("moves")

    def __str__(self) -> str:
        return f"{self.aggregate} {self.name}"


class ProviderNotice(models.Model):
    """A signed notice from a provider, kept once, with what it led to.

    After a while its body goes (payments.notice_retention); its id stays, so that it is never done twice, and
    its digest, so that the provider's own copy can still be told for the same.
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("applied")
        IGNORED = "ignored", _("nothing to do")
        PARKED = "parked", _("parked for review")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    body = models.JSONField(null=True)
    # SHA-256 of the bytes that came; none of notices from before 0023.
    digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("provider's notice")
        verbose_name_plural = _("providers' notices")
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="a notice is taken in once"),
            models.CheckConstraint(
                condition=~Q(outcome="parked") | ~Q(reason=""), name="a parked notice says why"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False)
                | ~(Q(outcome="parked") | Q(kind="dispute.changed") | Q(digest="")),
                name="only a notice that is done with loses its body",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(outcome="parked"), name="notice_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class ProviderCall(models.Model):
    """A call that we owe a provider: written with its cause, made after the commit, until answered."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ANSWERED = "answered", _("answered")
        REFUSED = "refused", _("turned down")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    reference = models.UUIDField()
    idempotency_key = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    last_answer = models.CharField(max_length=120, blank=True)

    objects = ProviderCallQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("call to a provider")
        verbose_name_plural = _("calls to providers")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "idempotency_key"], name="a provider is called with one key per cause"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="call_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.idempotency_key}"
