"""Where a shop's own servers are told what happened: subscriptions, events, deliveries and every attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.models.shops import Membership, Merchant
from merchants.webhook_topics import Pause, Topic

STATES: Mapping[str, Q] = {
    "all": Q(),
    "waiting": Q(delivered_at__isnull=True, given_up_at__isnull=True),
    "delivered": Q(delivered_at__isnull=False),
    "given_up": Q(given_up_at__isnull=False),
}


class Webhook(models.Model):
    """A subscription. Its secret is derived from `secret_id`, so no row holds it; `member` answers for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=300)
    topics = ArrayField(models.CharField(max_length=12))
    secret_id = models.UUIDField(default=new_id)
    # While a new secret is taken over, both sign.
    old_secret_id = models.UUIDField(null=True)
    old_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=12, default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_topics_are_known",
                condition=Q(topics__contained_by=[str(each) for each in Topic]) & ~Q(topics__len=0),
            ),
            models.CheckConstraint(
                name="webhook_goes_out_encrypted_or_stays_inside",
                condition=Q(url__startswith="https://")
                | Q(url__regex=r"^http://(127\.0\.0\.1|localhost):[0-9]+/"),
            ),
            models.CheckConstraint(
                name="webhook_says_why_it_is_paused",
                condition=Q(paused_at__isnull=True, paused_because="")
                | Q(paused_at__isnull=False, paused_because__in=[str(each) for each in Pause]),
            ),
            models.CheckConstraint(
                name="webhook_an_old_secret_has_an_end",
                condition=Q(old_secret_id__isnull=True, old_until__isnull=True)
                | Q(old_secret_id__isnull=False, old_until__isnull=False),
            ),
            models.UniqueConstraint(
                name="webhook_one_per_shop_and_address",
                fields=["merchant", "url"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class WebhookEvent(models.Model):
    """What happened, as it is told: ids and states. `sequence` counts what is told of one thing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    about = models.UUIDField()
    number = models.CharField(max_length=40, default="", blank=True)
    sequence = models.PositiveIntegerField()
    occurred_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="webhook_events_are_counted_by_thing", fields=["merchant", "about", "sequence"]
            ),
        ]
        triggers = [pgtrigger.Protect(name="what_was_told_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def locked(self, pk: UUID) -> WebhookDelivery:
        """:raises NotFound:"""
        found = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def claim(self, at: datetime) -> WebhookDelivery | None:
        """The longest due one that nobody else sends, locked; never past an earlier one of the same thing."""
        earlier = WebhookDelivery.objects.filter(
            STATES["waiting"],
            webhook=OuterRef("webhook"),
            event__about=OuterRef("event__about"),
            event__sequence__lt=OuterRef("event__sequence"),
        )
        due = self.filter(
            STATES["waiting"],
            ~Exists(earlier),
            due_at__lte=at,
            webhook__paused_at__isnull=True,
            webhook__ended_at__isnull=True,
        )
        rows = due.select_related("event__merchant", "webhook__member").order_by("due_at", "id")
        return rows.select_for_update(of=("self",), skip_locked=True, no_key=True).first()


class WebhookDelivery(models.Model):
    """One event on its way to one subscription: waiting, delivered or given up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    tenant = "webhook"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_an_event_goes_out_once", fields=["webhook", "event"]),
            models.CheckConstraint(
                name="webhook_a_delivery_ends_one_way",
                condition=Q(delivered_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="webhook_waiting",
                fields=["due_at", "id"],
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(name="webhook_newest_first", fields=["webhook", "-id"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def state(self) -> str:
        if self.delivered_at:
            return "delivered"
        return "given_up" if self.given_up_at else "waiting"


class WebhookAttempt(models.Model):
    """One call and what came back; status 0: nobody answered in time. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=200, default="", blank=True)

    append_only = True
    tenant = "delivery"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_attempts_are_counted", fields=["delivery", "number"]),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number}: {self.status}"
