"""What the shop's pages show of deliveries: the list by state, one with its body and every answer."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import NotFound
from merchants.models import Webhook, WebhookAttempt, WebhookDelivery
from merchants.models.webhooks import STATES
from merchants.webhooks.sending import body_of


def deliveries_of(webhook: Webhook, state: str) -> QuerySet[WebhookDelivery]:
    """The newest first; `state` is all, waiting, delivered or given_up."""
    rows = WebhookDelivery.objects.filter(STATES[state], webhook=webhook)
    return rows.select_related("event").order_by("-id")


def delivery_of(webhook: Webhook, delivery_id: UUID) -> WebhookDelivery:
    """:raises NotFound: also for another subscription's"""
    rows = WebhookDelivery.objects.filter(webhook=webhook, pk=delivery_id)
    found = rows.select_related("event__merchant").first()
    if found is None:
        raise NotFound
    return found


def body_shown(delivery: WebhookDelivery) -> str:
    """The body as it is sent, with line breaks for people."""
    return json.dumps(json.loads(body_of(delivery.event)), ensure_ascii=False, indent=2, sort_keys=True)


def calls_of(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    return list(WebhookAttempt.objects.filter(delivery=delivery).order_by("-number"))
