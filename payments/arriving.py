"""Money that a provider says it took: the one locked path for notice, way back and question alike."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from payments import capture, starting
from payments.models import Attempt, Payment, ProviderNotice

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
    starting.close_all(payment_id=payment.pk, paid=trade_number, actor=Actor.provider(provider), at=at)
    return Outcome.APPLIED, ""
