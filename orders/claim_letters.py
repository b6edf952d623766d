"""Letters about a repair or an exchange: to the buyer what matters to them, to the shop what it has to do."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from deadlines import booking
from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders import claim_deadlines
from orders import claim_events as events
from orders.announcing import path_for
from orders.models import FaultClaim
from orders.models.claims import EXCHANGE
from orders.reminding import shop_of_order

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_SAMPLE: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/orders/A7M3Q9XK2PB/",
    "claim_number": "F7M3Q9XK2PB",
    "exchange": 0,
}
_DATED: dict[str, Value] = {**_SAMPLE, "until": _DAY}

KINDS = (
    LetterKind("orders.shop_claim_asked", sample={**_DATED, "path": "/merchant/shan-zhi/fault-claims/"}),
    LetterKind("orders.claim_accepted", sample=_DATED),
    LetterKind("orders.claim_taken_on", sample=_DATED),
    LetterKind("orders.claim_overdue", sample=_DATED),
    LetterKind("orders.claim_turned", sample=_DATED),
    LetterKind("orders.claim_sent", sample=_SAMPLE),
    LetterKind("orders.claim_refunded", sample={**_SAMPLE, "amount": Money(12900)}),
    LetterKind("orders.claim_refused", sample=_DATED),
    LetterKind("orders.claim_closed", sample=_SAMPLE),
)


def on_asked(event: events.ClaimAsked, *, at: datetime) -> None:
    claim = _claim(event.claim_id)
    path = reverse("orders:merchant-claim", args=[claim.order.merchant.slug, claim.number])
    said: dict[str, Value] = {**_said(claim), "path": path, "until": claim_answer_by(claim)}
    for reader in shop_of_order(claim.order_id).readers:
        send(
            subject_id=reader.subject_id,
            kind="orders.shop_claim_asked",
            reference=claim.pk,
            params=said,
            at=at,
        )


def claim_answer_by(claim: FaultClaim) -> datetime:
    """When the shop's time to answer ends, by its row; the instant of asking where that is over."""
    row = booking.find(kind=claim_deadlines.ANSWER, reference=claim.pk)
    return row.due_at if row else claim.asked_at


def on_accepted(event: events.ClaimAccepted, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_accepted", at, until=event.post_by)


def on_taken_on(event: events.ClaimTakenOn, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_taken_on", at, until=event.due_at)


def on_overdue(event: events.RepairOverdue, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_overdue", at, until=event.limit_at)


def on_turned(event: events.RepairTurned, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_turned", at, until=event.due_at)


def on_sent(event: events.ClaimSent, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_sent", at)


def on_refunded(event: events.ClaimRefunded, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_refunded", at, amount=Money(event.amount_minor))


def on_refused(event: events.ClaimRefused, *, at: datetime) -> None:
    _tell(event.claim_id, "claim_refused", at, until=event.object_by)


def on_closed(event: events.ClaimClosed, *, at: datetime) -> None:
    """Only an end that the buyer didn't make: their parcel was never posted or never seen."""
    if event.cause in ("not_posted", "never_scanned"):
        _tell(event.claim_id, "claim_closed", at)


def _claim(claim_id: UUID) -> FaultClaim:
    return FaultClaim.objects.select_related("order__merchant").get(pk=claim_id)


def _said(claim: FaultClaim) -> dict[str, Value]:
    exchange = int(claim.remedy == EXCHANGE)
    return {"number": claim.order.number, "claim_number": claim.number, "exchange": exchange}


def _tell(claim_id: UUID, kind: str, at: datetime, **params: Value) -> None:
    claim = _claim(claim_id)
    send(
        subject_id=claim.subject_id,
        kind=f"orders.{kind}",
        reference=claim.pk,
        params={**_said(claim), "path": path_for(claim.order), **params},
        at=at,
    )
