"""A fact becomes an event for the shop's subscriptions that asked for it; nothing where none did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from merchants.models import Webhook, WebhookDelivery, WebhookEvent
from merchants.webhooks.subscribing import give_up_at


@transaction.atomic
def note(
    *,
    merchant_id: UUID,
    name: str,
    about: UUID,
    number: Callable[[], str],
    data: Mapping[str, object],
    at: datetime,
) -> WebhookEvent | None:
    """Write the event and one delivery for each subscription, paused ones included.

    `name` begins with its topic; `number` is asked only where somebody listens.
    """
    topic = name.partition(".")[0]
    asked = Webhook.objects.filter(merchant_id=merchant_id, ended_at__isnull=True, topics__contains=[topic])
    # Their rows are the lock under which the events of one thing are counted.
    held = list(asked.order_by("id").select_for_update(of=("self",), no_key=True))
    if not held:
        return None
    last = WebhookEvent.objects.filter(merchant_id=merchant_id, about=about).aggregate(n=Max("sequence"))["n"]
    event = WebhookEvent.objects.create(
        merchant_id=merchant_id,
        name=name,
        about=about,
        number=number(),
        sequence=(last or 0) + 1,
        occurred_at=at,
        data=dict(data),
    )
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=each, event=event, due_at=at, give_up_at=give_up_at(at)) for each in held
    )
    return event
