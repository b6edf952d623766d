"""The only door to payments for pages: the payer's own, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from payments.lifecycle import PayoutState
from payments.models import Attempt, Payment, Payout, Refund
from payments.queries import PayoutQuerySet, RefundQuerySet


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


def payouts_of(membership: Membership, *, state: str = "") -> PayoutQuerySet:
    """The shop's own payouts, newest first; a state that isn't one filters nothing."""
    membership.require(Capability.FINANCE)
    mine = Payout.objects.of_shop(membership.merchant_id).order_by("-requested_at", "-id")
    return mine.filter(state=state) if state in set(PayoutState) else mine


def open_attempts(number: str) -> list[Attempt]:
    """For whoever comes back from a provider, known or not: only to be asked after, never shown."""
    return list(Attempt.objects.open().filter(payment__number=number))
