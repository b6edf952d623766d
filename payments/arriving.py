"""Money that a provider says it took: the one locked path for notice, way back and question alike."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from payments import capture, starting
from payments.authorising import taking
from payments.gateways import registry
from payments.models import Attempt, Authorisation, Payment, ProviderNotice

Outcome = ProviderNotice.Outcome
Result = tuple[ProviderNotice.Outcome, str]


def payment_of(trade_number: str) -> Payment | None:
    """The payment that an attempt of this name is of, locked."""
    attempt = Attempt.objects.filter(trade_number=trade_number).first()
    if attempt is not None:
        return Payment.objects.locked(attempt.payment_id)
    # Before there were attempts a payment went under its own number.
    return Payment.objects.locked_by_number(trade_number)


def captured(*, provider: str, trade_number: str, charge_id: str, amount: Money, at: datetime) -> Result:
    """Record the charge; what doesn't fit is parked for a person, with the reason, and touches no ledger."""
    payment = payment_of(trade_number)
    if payment is None:
        return Outcome.PARKED, "unknown payment"
    if not charge_id:
        return Outcome.PARKED, "charge without an id"
    try:
        capture.record(
            payment_id=payment.pk,
            provider=provider,
            charge_id=charge_id,
            amount=amount,
            actor=Actor.provider(provider),
            at=at,
        )
    except capture.ChargeDiffers as refusal:
        return Outcome.PARKED, str(refusal.params["what"])
    taking.settle_with(payment, trade_number, amount, actor=Actor.provider(provider), at=at)
    starting.close_all(payment_id=payment.pk, paid=trade_number, actor=Actor.provider(provider), at=at)
    return Outcome.APPLIED, ""


def authorised(
    provider: str, trade_number: str, authorisation_id: str, amount: Money, *, at: datetime
) -> Result:
    """Note what a payer's bank reserved, by the same lock; only what names no payment is parked."""
    payment = payment_of(trade_number)
    if payment is None:
        return Outcome.PARKED, "unknown payment"
    if not authorisation_id or provider not in registry.AUTHORISERS:
        return Outcome.PARKED, "authorisation without an id"
    actor = Actor.provider(provider)
    taking.record(
        payment_id=payment.pk,
        provider=provider,
        trade_number=trade_number,
        reference=authorisation_id,
        amount=amount,
        actor=actor,
        at=at,
    )
    starting.close_all(payment_id=payment.pk, paid=trade_number, actor=actor, at=at)
    return Outcome.APPLIED, ""


def released(provider: str, authorisation_id: str, *, at: datetime) -> Result:
    """The provider let go what it had reserved; of one that we never heard of nothing needs doing."""
    held = Authorisation.objects.filter(provider=provider, reference=authorisation_id).first()
    if held is None or held.state not in taking.GOING:
        return Outcome.IGNORED, ""
    taking.free(authorisation_id=held.pk, actor=Actor.provider(provider), at=at)
    return Outcome.APPLIED, ""
