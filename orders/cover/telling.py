"""What we owe insurers is written down first, said outside any transaction, and said again until answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from orders.cover.insurers import registry
from orders.cover.insurers.protocol import Loss, Message, Policy
from orders.models import CoverClaim, InsurerCall, OrderCover
from payments import shown
from web import outgoing
from web.outgoing import Answer

# While a call is out nobody else makes it; if its worker dies it is free again after this.
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
State = InsurerCall.State
Teller = Callable[[str, Message], Answer]


@dataclass(frozen=True, slots=True)
class Call:
    """A claimed call: to whom, what, and what its answer must be about."""

    call_id: UUID
    insurer: str
    message: Message
    told: Policy | Loss


def over_http(insurer: str, message: Message) -> Answer:
    """Tell the insurer at its configured address: host and port never come from data."""
    place = outgoing.Origin.of(settings.INSURERS[insurer], inside=settings.SANDBOX)
    return outgoing.post(place, message.path, body=message.body, headers=message.headers)


def owe(cover: OrderCover, claim: CoverClaim | None = None, *, at: datetime) -> None:
    """Write down, in the caller's transaction, that the insurer is to be told; once."""
    InsurerCall.objects.get_or_create(cover=cover, claim=claim, defaults={"owed_at": at, "due_at": at})


def drop(claim: CoverClaim) -> None:
    """The claim was taken back: nobody has to decide it any more."""
    InsurerCall.objects.filter(claim=claim, state=State.WAITING).update(state=State.DROPPED)


def hurry(claim: CoverClaim, *, at: datetime) -> None:
    """Staff want it asked now, not at its next turn."""
    InsurerCall.objects.filter(claim=claim, state=State.WAITING).update(due_at=at)


@transaction.atomic
def take_up(at: datetime) -> Call | None:
    """The longest due call, taken for a while; None when nothing is due."""
    call = InsurerCall.objects.select_related("cover__order", "claim").claim(at)
    if call is None:
        return None
    call.attempts += 1
    call.due_at = at + LEASE
    call.save(update_fields=["attempts", "due_at"])
    insurer = registry.insurer(call.cover.insurer)
    if call.claim is None:
        told = _policy(call.cover)
        return Call(call.pk, insurer.name, insurer.policy(told, at=at), told)
    loss = _loss(call.cover, call.claim)
    return Call(call.pk, insurer.name, insurer.claim(loss, at=at), loss)


def _policy(cover: OrderCover) -> Policy:
    return Policy(
        number=cover.number,
        product=cover.product,
        version=cover.version,
        premium_minor=cover.premium_minor,
        limit_minor=cover.limit_minor,
        currency=cover.currency,
        began_at=cover.began_at or cover.bought_at,
    )


def _loss(cover: OrderCover, claim: CoverClaim) -> Loss:
    return Loss(
        number=claim.number,
        policy=cover.number,
        cause=claim.cause,
        quantity=claim.quantity,
        goods_minor=claim.goods_minor,
        beside_minor=claim.beside_minor,
        currency=cover.currency,
        facts=tuple(claim.facts),
        photos=claim.photos.count(),
        means=shown.charge_behind(cover.pk),
    )


def put_off(call: InsurerCall, *, at: datetime) -> None:
    """No clear answer: again after a pause that grows."""
    call.due_at = at + min(timedelta(seconds=2 ** min(call.attempts, 12)), LONGEST_PAUSE)


def is_waiting(claim: CoverClaim) -> bool:
    """Whether the insurer still owes its last word on this claim."""
    return InsurerCall.objects.filter(claim=claim, state=State.WAITING).exists()
