"""The only door to payments for pages: the payer's own, or nothing."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.errors import NotFound
from payments.models import Attempt, Payment


def payment_of(actor: Actor, number: str) -> Payment:
    """The payer's payment.

    :raises NotFound: also when it exists but somebody else pays it
    """
    if actor.subject_id is None:
        raise NotFound()
    payment = Payment.objects.paid_by(actor.subject_id).filter(number=number).first()
    if payment is None:
        raise NotFound()
    return payment


def open_attempts(number: str) -> list[Attempt]:
    """For whoever comes back from a provider, known or not: only to be asked after, never shown."""
    return list(Attempt.objects.open().filter(payment__number=number))
