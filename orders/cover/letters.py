"""Letters about covers: the premium that goes back, and each step of a claim."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from orders import cover_events as events
from orders.models import CoverClaim, OrderCover

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_SAMPLE: dict[str, Value] = {
    "number": "K7M3Q9XK2PB",
    "order": "A7M3Q9XK2PB",
    "path": "/account/cover-claims/K7M3Q9XK2PB/",
}
KINDS = (
    LetterKind("orders.cover_given_back", sample={**_SAMPLE, "amount": Money(150)}),
    LetterKind("orders.cover_claim_asked", sample={**_SAMPLE, "until": _DAY}),
    LetterKind("orders.cover_claim_accepted", sample={**_SAMPLE, "amount": Money(12900), "silence": 0}),
    LetterKind("orders.cover_claim_paid", sample={**_SAMPLE, "amount": Money(12900)}),
    LetterKind("orders.cover_claim_refused", sample=_SAMPLE),
)


def on_given_back(event: events.CoverGivenBack, *, at: datetime) -> None:
    cover = OrderCover.objects.select_related("order").get(pk=event.cover_id)
    said: dict[str, Value] = {"number": cover.number, "order": cover.order.number}
    send(
        subject_id=cover.subject_id,
        kind="orders.cover_given_back",
        reference=cover.pk,
        params={**said, "path": reverse("orders:covers"), "amount": cover.premium},
        at=at,
    )


def on_asked(event: events.CoverClaimAsked, *, at: datetime) -> None:
    _tell(event.claim_id, "asked", at, until=event.answer_by)


def on_accepted(event: events.CoverClaimAccepted, *, at: datetime) -> None:
    """One letter is enough where it was paid in the same step."""
    if CoverClaim.objects.get(pk=event.claim_id).beside_minor:
        amount = Money(event.amount_minor)
        _tell(event.claim_id, "accepted", at, amount=amount, silence=int(event.by_silence))


def on_paid(event: events.CoverClaimPaid, *, at: datetime) -> None:
    _tell(event.claim_id, "paid", at, amount=Money(event.amount_minor))


def on_refused(event: events.CoverClaimRefused, *, at: datetime) -> None:
    _tell(event.claim_id, "refused", at)


def _tell(claim_id: UUID, step: str, at: datetime, **params: Value) -> None:
    claim = CoverClaim.objects.select_related("cover__order").get(pk=claim_id)
    said: dict[str, Value] = {"number": claim.number, "order": claim.cover.order.number}
    send(
        subject_id=claim.subject_id,
        kind=f"orders.cover_claim_{step}",
        reference=claim.pk,
        params={**said, "path": reverse("orders:cover-claim", args=[claim.number]), **params},
        at=at,
    )


def desk_of_claim(reference: UUID) -> Reminder:
    """The money desk chases the insurer before its silence pays; whoever is free takes it."""
    claim = CoverClaim.objects.get(pk=reference)
    path = reverse("admin:orders_coverclaim_change", args=[claim.pk])
    return Reminder(claim.number, [Reader(one, path) for one in subjects_in(Role.MONEY_DESK)])
