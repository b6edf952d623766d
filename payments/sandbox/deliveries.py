"""The sandbox tells the shop: each notice again and again until it is taken in, signed anew each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from payments.gateways import sandbox_keys, signing
from payments.gateways.protocol import Answer, Post, Request
from payments.sandbox_models import SandboxDelivery

LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def deliver_due(*, post: Post, at: datetime, limit: int = 100) -> int:
    """Deliver up to `limit` due notices, each outside any transaction; gives how many were tried."""
    tried = 0
    while tried < limit and (claimed := _claim(at)) is not None:
        pk, request = claimed
        _note(pk, post(request), at=at)
        tried += 1
    return tried


def signed(delivery: SandboxDelivery, *, at: datetime) -> Request:
    """The notice as it goes out now."""
    body = delivery.body.encode()
    headers = signing.sign(body, secret=sandbox_keys.secrets(sandbox_keys.WEBHOOK)[0], at=at)
    path = reverse("payments:webhook", args=["sandbox"])
    return Request(path, body, {"content-type": "application/json", **headers})


@transaction.atomic
def _claim(at: datetime) -> tuple[UUID, Request] | None:
    delivery = SandboxDelivery.objects.claim(at)
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.due_at = at + LEASE
    delivery.save(update_fields=["attempts", "due_at"])
    return delivery.pk, signed(delivery, at=at)


def _note(pk: UUID, answer: Answer, *, at: datetime) -> None:
    delivery = SandboxDelivery.objects.get(pk=pk)
    delivery.last_answer = str(answer.status)
    if answer.status == 200:
        delivery.delivered_at = at
    else:
        delivery.due_at = at + min(timedelta(seconds=2 ** min(delivery.attempts, 12)), LONGEST_PAUSE)
    delivery.save(update_fields=["last_answer", "delivered_at", "due_at"])
