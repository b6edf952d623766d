"""Sending the payer to a provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from payments.gateways import registry
from payments.gateways.protocol import Intent
from payments.lifecycle import PAYMENT, PaymentState
from payments.models import Payment
from payments.moves import move


class PaymentClosed(DomainError):
    code = "payment_closed"
    message = N_("This payment is closed: it was paid or its time is over. Nothing was taken just now.")


def payment_url(number: str) -> str:
    """The payer's page of the payment."""
    return reverse("payments:payment", args=[number])


@transaction.atomic
def start(*, payment_id: UUID, provider: str, actor: Actor, at: datetime) -> str:
    """Choose a provider and get the address to send the payer to; after a decline this tries again.

    :raises PaymentClosed: when it is captured, expired, or at or after its end
    :raises NotFound: for a provider that isn't offered
    """
    gateway = registry.offered_gateway(provider)
    payment = Payment.objects.locked(payment_id)
    if at >= payment.expires_at or payment.state not in (PaymentState.OPEN, PaymentState.FAILED):
        raise PaymentClosed()
    if payment.state == PaymentState.FAILED:
        move(payment, PAYMENT, "retry", actor=actor, at=at)
    payment.provider = provider
    payment.save(update_fields=["provider"])
    return_path = reverse("payments:return", args=[payment.number])
    return gateway.checkout_url(
        Intent(payment.number, payment.amount, payment.expires_at, return_path), at=at
    )
