"""Sending the payer to a provider: one attempt at a time, each under a name of its own there."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from payments import owed
from payments.gateways import registry
from payments.gateways.authorising import Authoriser
from payments.gateways.protocol import Gateway, Handover, Intent, Request, TurnedDown
from payments.lifecycle import ATTEMPT, PAYMENT, AttemptState, PaymentState
from payments.models import Attempt, Payment
from payments.moves import move

# How long after the hand-over we ask by ourselves what became of it.
FIRST_LOOK = timedelta(minutes=1)


class PaymentClosed(DomainError):
    code = "payment_closed"
    message = N_("This payment is closed: it was paid or its time is over. Nothing was taken just now.")


def payment_url(number: str) -> str:
    """The payer's page of the payment."""
    return reverse("payments:payment", args=[number])


@transaction.atomic
def start(*, payment_id: UUID, provider: str, actor: Actor, at: datetime, on_phone: bool = False) -> Attempt:
    """Choose a provider; after a decline this tries again. The same choice again goes on where it was.

    What comes back is handed over, or begun: then the provider is asked after the commit (`payments.calls`).
    A provider that the payer left is asked to close what it has.

    :raises PaymentClosed: when it is captured, expired, or at or after its end
    :raises NotFound: for a provider that isn't offered for this currency
    """
    payment = Payment.objects.locked(payment_id)
    registry.offered_gateway(provider, payment.currency)
    if at >= payment.expires_at or payment.state not in (PaymentState.OPEN, PaymentState.FAILED):
        raise PaymentClosed()
    declined = payment.state == PaymentState.FAILED
    if declined:
        move(payment, PAYMENT, "retry", actor=actor, at=at)
    attempt = payment.attempts.open().first()
    if attempt is not None and (attempt.provider, attempt.on_phone) == (provider, on_phone) and not declined:
        return attempt
    if attempt is not None:
        close(attempt, actor=actor, at=at)
    payment.provider = provider
    payment.save(update_fields=["provider"])
    return _begin(payment, provider, on_phone=on_phone, actor=actor, at=at)


def _begin(payment: Payment, provider: str, *, on_phone: bool, actor: Actor, at: datetime) -> Attempt:
    position = payment.attempts.count() + 1
    # A provider refuses a name that it closed, so each attempt has its own.
    name = payment.number if position == 1 else f"{payment.number}_{position}"
    attempt = Attempt.objects.create(
        payment=payment,
        position=position,
        provider=provider,
        trade_number=name,
        on_phone=on_phone,
        state=AttemptState.BEGUN,
        begun_at=at,
    )
    begun = speaker(attempt).begin(intent(attempt), at=at)
    if isinstance(begun, Request):
        owed.call(attempt, "begin", due_at=at)
    else:
        hand_over(attempt, begun, actor=actor, at=at)
    return attempt


def speaker(attempt: Attempt) -> Gateway | Authoriser:
    """Who speaks with the provider about this attempt: it reserves first where it shall and can."""
    if attempt.payment.authorise_first and attempt.provider in registry.AUTHORISERS:
        return registry.AUTHORISERS[attempt.provider]
    return registry.gateway(attempt.provider)


def subject_of(payment: Payment) -> str:
    """What stands on the provider's page: our number, nothing of the goods."""
    return gettext("Anxin order %(number)s") % {"number": payment.number}


def intent(attempt: Attempt) -> Intent:
    """What the provider is told: a sum, a name and a time, nothing of the goods or the payer."""
    payment = attempt.payment
    return Intent(
        number=attempt.trade_number,
        subject=subject_of(payment),
        amount=payment.due,
        expires_at=payment.expires_at,
        return_url=settings.BASE_URL + reverse("payments:return", args=[payment.number]),
        notice_url=notice_url(attempt.provider),
        key=owed.key("begin", attempt.pk),
        on_phone=attempt.on_phone,
    )


def notice_url(provider: str) -> str:
    """Where the provider tells us what happened."""
    return str(settings.BASE_URL) + reverse("payments:webhook", args=[provider])


def hand_over(attempt: Attempt, found: Handover, *, actor: Actor, at: datetime) -> None:
    """The provider said where the payer goes on; from now on we also ask by ourselves what became of it."""
    changes = {"url": found.url, "code": found.code, "reference": found.reference}
    move(attempt, ATTEMPT, "hand_over", actor=actor, at=at, **changes)
    owed.call(attempt, "ask", due_at=at + FIRST_LOOK)


def turn_down(attempt: Attempt, refusal: TurnedDown, *, actor: Actor, at: datetime) -> None:
    """The provider won't take this payment; the payer may choose another."""
    move(attempt, ATTEMPT, "turn_down", actor=actor, at=at, ended_at=at, refusal=str(refusal)[:80])


def close(attempt: Attempt, *, actor: Actor, at: datetime, paid: bool = False) -> None:
    """End an open attempt here, and ask the provider that nobody can pay it any more, unless it is paid."""
    reached = attempt.state == AttemptState.HANDED_OVER
    move(attempt, ATTEMPT, "close", actor=actor, at=at, ended_at=at)
    if reached and paid:
        owed.forget_looks(attempt.pk, "ask")
    elif reached:
        owed.call(attempt, "close", due_at=at)


@transaction.atomic
def close_all(*, payment_id: UUID, actor: Actor, at: datetime, paid: str = "") -> None:
    """The payment is over: no provider may take it (again); `paid` is the attempt that brought the money."""
    for attempt in Attempt.objects.open().filter(payment_id=payment_id).select_for_update(no_key=True):
        close(attempt, actor=actor, at=at, paid=attempt.trade_number == paid)
