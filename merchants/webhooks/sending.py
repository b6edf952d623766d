"""Sending what is due: outside any transaction, again with growing pauses until taken or given up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from merchants import telling
from merchants.capabilities import Capability
from merchants.models import Merchant, Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from merchants.webhook_topics import Pause
from merchants.webhooks import signing
from merchants.webhooks.subscribing import limit
from web import outgoing
from web.outgoing import Answer

# While a call is out nobody else makes it; if its worker dies it is free again after this.
LEASE = timedelta(seconds=30)
LIMIT_BYTES = 64 * 1024
# What is kept of an answer, enough to see whose error page it was.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Call:
    delivery_id: UUID
    number: int
    url: str
    body: bytes
    headers: Mapping[str, str]


Post = Callable[[Call], Answer]


def over_http(call: Call) -> Answer:
    """To the address of the subscription, if it leads where it may; status 0 for one that doesn't."""
    try:
        place, path = outgoing.stranger(call.url, loopback=settings.SANDBOX)
        return outgoing.post_to_stranger(place, path, body=call.body, headers=call.headers, limit=LIMIT_BYTES)
    except outgoing.NotAllowed as refusal:
        return Answer(0, str(refusal).encode())


def body_of(event: WebhookEvent) -> bytes:
    """The same bytes each time."""
    told = {
        "id": str(event.pk),
        "type": event.name,
        "sequence": event.sequence,
        "occurred_at": event.occurred_at.isoformat(),
        "shop": event.merchant.slug,
        "about": {"id": str(event.about), "number": event.number},
        "data": event.data,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def send_due(*, post: Post, at: datetime, most: int = 100) -> int:
    """Make up to `most` due calls; gives how many."""
    made = 0
    while made < most and (claimed := _claim(at)) is not None:
        if isinstance(claimed, Call):
            _take_in(claimed, post(claimed), at=at)
        made += 1
    return made


@transaction.atomic
def _claim(at: datetime) -> Call | Pause | None:
    delivery = WebhookDelivery.objects.claim(at)
    if delivery is None:
        return None
    webhook = delivery.webhook
    if webhook.member.ended_at is not None or not webhook.member.can(Capability.OWNER):
        _pause(webhook.pk, Pause.MEMBER_LEFT, at=at)
        return Pause.MEMBER_LEFT
    delivery.attempts += 1
    delivery.due_at = at + LEASE
    delivery.save(update_fields=["attempts", "due_at"])
    body = body_of(delivery.event)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Anxin-Webhook/1",
        "Anxin-Event": str(delivery.event_id),
        signing.HEADER: signing.header(webhook, body, at=at),
    }
    return Call(delivery.pk, delivery.attempts, webhook.url, body, headers)


@transaction.atomic
def _take_in(call: Call, answer: Answer, *, at: datetime) -> None:
    """200 to 299 is taken; all else, a redirect included, means again."""
    delivery = WebhookDelivery.objects.locked(call.delivery_id)
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=call.number,
        at=at,
        status=min(answer.status, 999),
        answer=_readable(answer.body),
    )
    if delivery.attempts != call.number or delivery.state != "waiting":
        return
    if 200 <= answer.status < 300:
        delivery.delivered_at = at
    else:
        _put_off(delivery, at=at)
    delivery.save(update_fields=["delivered_at", "given_up_at", "due_at"])


def _put_off(delivery: WebhookDelivery, *, at: datetime) -> None:
    longest = limit("longest_pause_seconds", at)
    seconds = min(limit("first_pause_seconds", at) * 2 ** min(delivery.attempts - 1, 16), longest)
    delivery.due_at = at + timedelta(seconds=seconds)
    if delivery.due_at >= delivery.give_up_at:
        delivery.given_up_at = at
        _pause(delivery.webhook_id, Pause.FAILING, at=at)


def _pause(webhook_id: UUID, why: Pause, *, at: datetime) -> None:
    """With one letter to the shop's owners, however many events wait."""
    webhook = Webhook.objects.select_for_update(of=("self",), no_key=True).get(pk=webhook_id)
    if webhook.paused_at is not None:
        return
    webhook.paused_at, webhook.paused_because = at, why
    webhook.save(update_fields=["paused_at", "paused_because"])
    merchant = Merchant.objects.get(pk=webhook.merchant_id)
    page = reverse("merchants:webhook", args=[merchant.slug, webhook.pk])
    telling.owners(merchant, f"merchants.webhook_{why}", reference=webhook.pk, at=at, path=page)


def _readable(body: bytes) -> str:
    """Printable ASCII, one line: what came from outside is shown as data."""
    text = body[: KEPT * 4].decode("ascii", "replace")
    return "".join(each if each.isprintable() and each.isascii() else " " for each in text)[:KEPT].strip()
