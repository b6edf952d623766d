"""Calls that we owe providers: written in the transaction of their cause, made after it, until answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from payments import refunds
from payments.gateways import registry
from payments.gateways.protocol import Answer, Outcome, Post, RefundOrder, Request
from payments.models import ProviderCall, Refund

# While a call is out nobody else makes it; if its worker dies it is free again after this.
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def make_due(*, post: Post, at: datetime, limit: int = 100) -> int:
    """Make up to `limit` waiting calls, each outside any transaction of ours; gives how many were made."""
    made = 0
    while made < limit and (claimed := _claim(at)) is not None:
        call_id, request = claimed
        _take_in(call_id, post(request), at=at)
        made += 1
    return made


@transaction.atomic
def _claim(at: datetime) -> tuple[UUID, Request] | None:
    call = ProviderCall.objects.claim(at)
    if call is None:
        return None
    call.attempts += 1
    call.due_at = at + LEASE
    call.save(update_fields=["attempts", "due_at"])
    made = Refund.objects.select_related("charge").get(pk=call.reference)
    order = RefundOrder(call.idempotency_key, made.charge.provider_charge_id, made.amount)
    return call.pk, registry.gateway(call.provider).refund_request(order, at=at)


@transaction.atomic
def _take_in(call_id: UUID, answer: Answer, *, at: datetime) -> None:
    """Keep the provider's answer; no answer or a fault means again, with the same key, later."""
    call = ProviderCall.objects.locked(call_id)
    outcome = registry.gateway(call.provider).read_refund_answer(answer)
    actor = Actor.provider(call.provider)
    call.last_answer = f"{answer.status} {outcome}"
    if outcome is Outcome.ACCEPTED:
        call.state = ProviderCall.State.ANSWERED
        refunds.mark_sent(refund_id=call.reference, actor=actor, at=at)
    elif outcome is Outcome.REFUSED:
        call.state = ProviderCall.State.REFUSED
        refunds.give_up(refund_id=call.reference, actor=actor, at=at)
    else:
        call.due_at = at + min(timedelta(seconds=2 ** min(call.attempts, 12)), LONGEST_PAUSE)
    call.save(update_fields=["state", "due_at", "last_answer"])
