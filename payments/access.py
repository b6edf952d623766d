"""The only door to payments for pages: the payer's own, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.errors import NotFound
from payments.models import Attempt, Payment, Refund
from payments.queries import RefundQuerySet


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


def refunds_of(references: Iterable[UUID] | QuerySet[Any]) -> RefundQuerySet:
    """What goes or went back of these orders, newest first; who asks came by the orders' own door."""
    return Refund.objects.filter(reference__in=references, part__isnull=False).order_by(
        "-requested_at", "-id"
    )


def open_attempts(number: str) -> list[Attempt]:
    """For whoever comes back from a provider, known or not: only to be asked after, never shown."""
    return list(Attempt.objects.open().filter(payment__number=number))
