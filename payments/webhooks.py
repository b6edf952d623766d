"""Taking in what providers tell us: the one path for the notice by HTTP and for the payer's way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from payments import arriving, capture, differences, owed, refunds
from payments.attempt_models import OPEN
from payments.differences import Found
from payments.gateways import registry
from payments.gateways.paying import payout_id
from payments.gateways.protocol import ForgedNotice, Notice, NoticeKind, refund_id
from payments.lifecycle import RefundState, What
from payments.models import Award, Payout, ProviderNotice, Refund

Outcome = ProviderNotice.Outcome
Result = arriving.Result

REFUNDED = (NoticeKind.REFUND_PAID, NoticeKind.REFUND_FAILED)
KINDS = dict.fromkeys(REFUNDED, ("refund", -1)) | {NoticeKind.PAYOUT: ("payout", -1)}
APPLIED: Result = (Outcome.APPLIED, "")
IGNORED: Result = (Outcome.IGNORED, "")


def receive(*, provider: str, headers: Mapping[str, str], body: bytes, at: datetime) -> ProviderNotice | None:
    """Verify a notice and do what it says, once per event; None: this event was taken in before.

    What is genuine but doesn't fit (unknown payment, other amount) is parked for a person: no ledger row.

    :raises ForgedNotice: when it isn't genuine; nothing is stored
    :raises NotFound: for a provider we don't know
    """
    notice = registry.gateway(provider).read_notice(headers, body, at=at)
    return _take_in(provider, notice, digest=sha256(body).hexdigest(), at=at)


def carry_back(*, provider: str, headers: Mapping[str, str], body: bytes, at: datetime) -> bool:
    """Take in the notice that a payer brings back. False: it didn't survive the way (stale, spoilt, forged).

    Nothing is lost then: the provider tells us itself, and the payer's page waits for that.
    """
    try:
        receive(provider=provider, headers=headers, body=body, at=at)
    except (ForgedNotice, NotFound):
        return False
    return True


@transaction.atomic
def _take_in(provider: str, notice: Notice, *, digest: str, at: datetime) -> ProviderNotice | None:
    row = ProviderNotice(
        provider=provider,
        event_id=notice.event_id,
        kind=notice.kind,
        body=notice.body | ({"dispute": notice.dispute_id} if notice.dispute_id else {}),
        digest=digest,
        outcome=Outcome.IGNORED,
        received_at=at,
    )
    # Twenty copies at once queue here, behind the first one's unique key, and find it taken.
    if not ProviderNotice.objects.take_in(row):
        return None
    row.outcome, row.reason = _apply(row, notice, at=at)
    if row.outcome == Outcome.PARKED:
        _put_before_staff(row, notice, at=at)
    row.save(update_fields=["outcome", "reason"])
    return row


def _put_before_staff(row: ProviderNotice, notice: Notice, *, at: datetime) -> None:
    """Money that fits nothing here is looked into now, not when the day's statement comes."""
    kind, sign = KINDS.get(notice.kind, ("charge", 1))
    said = Found(
        What.PARKED, kind, row.event_id, sign * notice.amount_minor, None, notice.currency, row.reason
    )
    differences.open_one(provider=row.provider, day=at.date(), found=said, at=at)


def _apply(row: ProviderNotice, notice: Notice, *, at: datetime) -> Result:
    provider = row.provider
    match notice.kind:
        case NoticeKind.CAPTURED:
            return _captured(provider, notice, at=at)
        case NoticeKind.AUTHORISED:
            amount = Money(notice.amount_minor, notice.currency)
            return arriving.authorised(provider, notice.trade_number, notice.authorisation_id, amount, at=at)
        case NoticeKind.RELEASED:
            return arriving.released(provider, notice.authorisation_id, at=at)
        case NoticeKind.DECLINED:
            return _declined(provider, notice, at=at)
        case NoticeKind.REFUND_PAID | NoticeKind.REFUND_FAILED:
            return _refunded(provider, notice, at=at)
        case NoticeKind.DISPUTE if not notice.dispute_id:
            return Outcome.PARKED, "dispute without an id"
        case NoticeKind.DISPUTE:
            # Late, twice, in any order: what it is now we ask, so that no notice can tell us otherwise.
            owed.dispute_look(provider, notice.dispute_id, notice_id=row.pk, due_at=at)
            return APPLIED
        case NoticeKind.PAYOUT:
            return _payout(provider, notice, at=at)
        case NoticeKind.NEWS:
            return IGNORED


def _payout(provider: str, notice: Notice, *, at: datetime) -> Result:
    """As with a dispute: what became of it we ask now, whatever the notice says."""
    known = payout_id(notice.payout_key)
    payout = Payout.objects.filter(provider=provider, pk=known).first() if known else None
    if payout is None:
        return _award(provider, known, at=at)
    owed.payout_look(payout, due_at=at)
    return APPLIED


def _award(provider: str, transfer: UUID | None, *, at: datetime) -> Result:
    """A transfer to a buyer goes the same way at the provider."""
    award = Award.objects.filter(provider=provider, transfer_id=transfer).first() if transfer else None
    if award is None:
        return Outcome.PARKED, "unknown payout"
    owed.award_look(award, due_at=at)
    return APPLIED


def _captured(provider: str, notice: Notice, *, at: datetime) -> Result:
    return arriving.captured(
        provider=provider,
        trade_number=notice.trade_number,
        charge_id=notice.charge_id,
        amount=Money(notice.amount_minor, notice.currency),
        at=at,
    )


def _declined(provider: str, notice: Notice, *, at: datetime) -> Result:
    payment = arriving.payment_of(notice.trade_number)
    if payment is None:
        return Outcome.PARKED, "unknown payment"
    # The payer has gone on to another provider since: this "no" ends nothing.
    if payment.attempts.filter(trade_number=notice.trade_number).exclude(state__in=OPEN).exists():
        return IGNORED
    before = payment.state
    after = capture.fail(payment_id=payment.pk, actor=Actor.provider(provider), at=at).state
    return APPLIED if before != after else IGNORED


def _refunded(provider: str, notice: Notice, *, at: datetime) -> Result:
    known = refund_id(notice.refund_key)
    ours = Refund.objects.filter(charge__provider=provider)
    refund = ours.filter(pk=known).first() if known else None
    if refund is None:
        return Outcome.PARKED, "unknown refund"
    if (notice.amount_minor, notice.currency) != (refund.amount_minor, refund.currency):
        return Outcome.PARKED, "other amount"
    paid = notice.kind is NoticeKind.REFUND_PAID
    ended = refunds.confirm if paid else refunds.give_up
    if ended(refund_id=refund.pk, actor=Actor.provider(provider), at=at):
        return APPLIED
    refund.refresh_from_db(fields=["state"])
    said = RefundState.PAID if paid else RefundState.FAILED
    return IGNORED if refund.state == said else (Outcome.PARKED, f"refund is {refund.state} here")
