"""Disputes: what a payer's bank asks back waits apart; lost, the merchant bears it, won, it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money
from outbox import bus
from payments import differences, dispute_books, owed, refunds
from payments.differences import Found
from payments.events import DisputeEnded, DisputeOpened
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.lifecycle import DISPUTE, DISPUTE_ENDED, DisputeState, What
from payments.models import Charge, Dispute, DisputeShare, Payment
from payments.moves import move
from rulebook import promises

CLOCK = POLICY = "payments.dispute_evidence"
EVIDENCE_LENGTH = 20_000
ENDS = {DisputeIs.WON: "win", DisputeIs.LOST: "lose"}


class DisputeAnswered(DomainError):
    code = "dispute_answered"
    message = N_("This dispute was answered or has ended; reload the page to see how.")


class EvidenceMissing(Invalid):
    code = "dispute_evidence_missing"
    message = N_("Write what shows that the payer got what was paid for.")


class UnknownCharge(DomainError):
    """The charge isn't here (yet): its notice may come after the dispute's."""

    code = "dispute_of_unknown_charge"
    message = N_("This dispute is about a charge that we don't have.")


@transaction.atomic
def note(*, provider: str, told: DisputeTold, at: datetime) -> Dispute:
    """Take in what the provider says a dispute is now; the same again changes nothing.

    :raises UnknownCharge: nothing is kept then; ask again later
    """
    known = Charge.objects.filter(provider=provider, provider_charge_id=told.charge_id).first()
    if known is None:
        raise UnknownCharge()
    payment = Payment.objects.locked(known.payment_id)
    held = Dispute.objects.filter(provider=provider, provider_dispute_id=told.dispute_id).first()
    if held is None:
        held = _open(payment, known, told, at=at)
    held = Dispute.objects.locked(held.pk)
    if told.state in ENDS and held.state not in DISPUTE_ENDED:
        _end(held, told.state, at=at)
    elif told.state is DisputeIs.ANSWERED and held.state == DisputeState.OPENED:
        # Answered in the provider's own pages.
        _answered(held, "send_evidence", actor=Actor.provider(provider), at=at)
    return held


def _open(payment: Payment, charge: Charge, told: DisputeTold, *, at: datetime) -> Dispute:
    window = promises.due(POLICY, start=at, at=at)
    answer_by = told.answer_by if told.answer_by and told.answer_by > at else window.due_at
    held = Dispute.objects.create(
        provider=charge.provider,
        provider_dispute_id=told.dispute_id,
        charge=charge,
        subject_id=payment.payer_subject_id,
        amount_minor=told.amount.minor,
        currency=told.amount.currency,
        cause=told.cause[:40],
        opened_at=at,
        evidence_due_at=answer_by,
    )
    shares = _shares(held, charge)
    covered = sum(share.amount_minor for share in shares)
    if covered < held.amount_minor:
        # More than is left of the charge: a person must ask the provider why.
        found = Found(What.OTHER_SUM, "dispute", told.dispute_id, -held.amount_minor, -covered, held.currency)
        differences.open_one(provider=held.provider, day=at.date(), found=found, at=at)
    for share in shares:
        dispute_books.set_apart(held, share, at=at)
        _publish_opened(held, share, at=at)
    own = replace(window, due_at=answer_by)
    booking.book(kind=CLOCK, reference=held.pk, at=at, **own.as_booking())
    return held


def _shares(held: Dispute, charge: Charge) -> list[DisputeShare]:
    """Spread over the orders of the charge by what of each can still go back; the payment is locked."""
    if charge.extra or charge.currency != held.currency:
        return []
    parts = list(charge.payment.parts.order_by("position"))
    left = [refunds.charge_room(part) for part in parts]
    amount = min(held.amount_minor, sum(left))
    if not amount:
        return []
    sums = Money(amount, held.currency).share(left)
    return [
        DisputeShare(
            dispute=held,
            part=part,
            reference=part.reference,
            merchant_id=part.merchant_id,
            amount_minor=one.minor,
            currency=held.currency,
        )
        for part, one in zip(parts, sums, strict=True)
        if one
    ]


def _publish_opened(held: Dispute, share: DisputeShare, *, at: datetime) -> None:
    bus.publish(
        DisputeOpened(
            dispute_id=held.pk,
            reference=share.reference,
            merchant_id=share.merchant_id,
            subject_id=held.subject_id,
            amount_minor=share.amount_minor,
            currency=share.currency,
            answer_by=held.evidence_due_at,
        ),
        at=at,
    )


def _end(held: Dispute, state: DisputeIs, *, at: datetime) -> None:
    actor = Actor.provider(held.provider)
    won = state is DisputeIs.WON
    # The state first: the database counts a running dispute as money that has left the charge.
    move(held, DISPUTE, ENDS[state], actor=actor, at=at, ended_at=at)
    booking.meet(kind=CLOCK, reference=held.pk, at=at)
    for share in shares_of(held):
        (dispute_books.give_back if won else dispute_books.lose)(held, share, actor=actor, at=at)
        bus.publish(
            DisputeEnded(
                dispute_id=held.pk,
                reference=share.reference,
                merchant_id=share.merchant_id,
                subject_id=held.subject_id,
                amount_minor=share.amount_minor,
                currency=share.currency,
                from_escrow_minor=share.from_escrow_minor,
                won=won,
            ),
            at=at,
        )


@transaction.atomic
def send_evidence(*, dispute_id: UUID, evidence: str, actor: Actor, at: datetime) -> Dispute:
    """Contest it: the provider is sent `evidence` after the commit, until it has it.

    :raises EvidenceMissing: :raises DisputeAnswered: :raises NotFound:
    """
    if not evidence.strip():
        raise EvidenceMissing(field="evidence")
    held = _to_answer(dispute_id)
    held.evidence = evidence.strip()[:EVIDENCE_LENGTH]
    held.save(update_fields=["evidence"])
    _answered(held, "send_evidence", actor=actor, at=at)
    owed.dispute_answer(held, due_at=at)
    return held


@transaction.atomic
def accept(*, dispute_id: UUID, actor: Actor, at: datetime) -> Dispute:
    """Don't contest it; the money goes when the provider says so.

    :raises DisputeAnswered: :raises NotFound:
    """
    held = _to_answer(dispute_id)
    _answered(held, "accept", actor=actor, at=at)
    owed.dispute_answer(held, due_at=at)
    return held


def _to_answer(dispute_id: UUID) -> Dispute:
    held = Dispute.objects.locked(dispute_id)
    if held.state != DisputeState.OPENED:
        raise DisputeAnswered()
    return held


def _answered(held: Dispute, name: str, *, actor: Actor, at: datetime) -> None:
    move(held, DISPUTE, name, actor=actor, at=at, answered_by=str(actor), answered_at=at)
    booking.meet(kind=CLOCK, reference=held.pk, at=at)


def shares_of(held: Dispute) -> list[DisputeShare]:
    """What of each order waits apart, or was given."""
    return list(DisputeShare.objects.filter(dispute=held).order_by("part__position"))


def is_running(dispute_id: UUID) -> bool:
    """Whether the provider hasn't spoken yet."""
    return Dispute.objects.running().filter(pk=dispute_id).exists()


def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody answered in time: it stands first in the queue and counts in the figures of promises."""
    Dispute.objects.filter(pk=reference, state=DisputeState.OPENED).update(overdue_at=due_at)
