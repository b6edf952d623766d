"""Reserved at the payer's bank, then taken or let go: no ledger entry before money was really taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from outbox import bus
from payments import owed
from payments.events import PaymentAuthorised, PaymentReleased
from payments.gateways import registry
from payments.lifecycle import AUTHORISATION, PAYMENT, AuthorisationState, PaymentState
from payments.models import Authorisation, Payment
from payments.moves import move
from rulebook import promises

CLOCK = POLICY = "payments.authorisation"
GOING = (AuthorisationState.HELD, AuthorisationState.CAPTURING, AuthorisationState.RELEASING)


class BeingTaken(DomainError):
    code = "being_taken"
    message = N_(
        "The shop has confirmed, and your money is being taken just now. Reload the page in a moment:"
        " you can still cancel then, and all of it goes back."
    )


@transaction.atomic
def record(
    *,
    payment_id: UUID,
    provider: str,
    trade_number: str,
    reference: str,
    amount: Money,
    actor: Actor,
    at: datetime,
) -> Authorisation:
    """Note what `provider` proved to have reserved; the same again changes nothing.

    What fits no open payment (expired, paid elsewhere, another sum) is let go at once, without a refund.
    """
    payment = Payment.objects.locked(payment_id)
    known = Authorisation.objects.filter(provider=provider, reference=reference).first()
    if known is not None:
        return known
    fits = payment.authorise_first and PAYMENT.allows(payment.state, "authorise") and amount == payment.due
    made = Authorisation.objects.create(
        payment=payment,
        provider=provider,
        trade_number=trade_number,
        reference=reference,
        state=AuthorisationState.HELD if fits else AuthorisationState.RELEASING,
        amount_minor=amount.minor,
        currency=amount.currency,
        held_at=at,
        ends_at=at + registry.AUTHORISERS[provider].lasts,
    )
    if fits:
        _stand(payment, made, actor=actor, at=at)
    else:
        owed.authorisation(made, "release", due_at=at)
    return made


def _stand(payment: Payment, made: Authorisation, *, actor: Actor, at: datetime) -> None:
    """The payment is reserved; its clock ends before the bank's does, so that nobody counts on nothing."""
    move(payment, PAYMENT, "authorise", actor=actor, at=at, provider=made.provider)
    window = promises.due(POLICY, start=at, at=at)
    own = replace(window, due_at=min(window.due_at, made.ends_at))
    booking.book(kind=CLOCK, reference=made.pk, at=at, **own.as_booking())
    bus.publish(
        PaymentAuthorised(
            payment_id=payment.pk,
            subject_id=payment.payer_subject_id,
            references=list(payment.parts.order_by("position").values_list("reference", flat=True)),
            amount_minor=made.amount_minor,
            currency=made.currency,
        ),
        at=at,
    )


@transaction.atomic
def take(*, payment_id: UUID, keep: Collection[UUID], actor: Actor, at: datetime) -> Payment:
    """Have the sum of the orders `keep` taken, once; the others are let go. With none, all of it is let go.

    The money is ours only when the provider says so: until then nothing is in the books.
    """
    payment = Payment.objects.locked(payment_id)
    held = _held(payment)
    if payment.state != PaymentState.AUTHORISED or held is None or held.state != AuthorisationState.HELD:
        return payment
    if not keep:
        return let_go(payment_id=payment_id, actor=actor, at=at)
    gone = payment.parts.exclude(reference__in=keep)
    gone.update(released_minor=F("amount_minor"))
    payment.released_minor = sum(part.released_minor for part in payment.parts.all())
    payment.save(update_fields=["released_minor"])
    move(held, AUTHORISATION, "ask_capture", actor=actor, at=at, capture_minor=payment.due.minor)
    owed.authorisation(held, "capture", due_at=at)
    return payment


@transaction.atomic
def let_go(*, payment_id: UUID, actor: Actor, at: datetime, cause: str = "not_wanted") -> Payment:
    """Take nothing: what is reserved is free again, and no refund is needed. Twice is once.

    :raises BeingTaken: when the shops have confirmed already and the provider is being asked
    """
    payment = Payment.objects.locked(payment_id)
    held = _held(payment)
    if payment.state != PaymentState.AUTHORISED or held is None:
        return payment
    if held.state == AuthorisationState.CAPTURING:
        raise BeingTaken()
    move(held, AUTHORISATION, "ask_release", actor=actor, at=at)
    owed.authorisation(held, "release", due_at=at)
    _end(payment, held, cause, actor=actor, at=at)
    return payment


def stands(*, payment_id: UUID) -> bool:
    """Lock the payment and look whether its sum is reserved, and neither taken nor let go."""
    return Payment.objects.locked(payment_id).state == PaymentState.AUTHORISED


def require_undecided(*, payment_id: UUID) -> None:
    """Lock the payment and look whether nothing of it has been asked for yet.

    :raises BeingTaken: when the shops have confirmed already and the provider is being asked
    """
    payment = Payment.objects.locked(payment_id)
    held = _held(payment)
    if held is not None and held.state != AuthorisationState.HELD:
        raise BeingTaken()


@transaction.atomic
def free(*, authorisation_id: UUID, actor: Actor, at: datetime, cause: str = "lapsed") -> Authorisation:
    """The provider says that nothing is reserved any more, because we asked or of itself."""
    found = Authorisation.objects.get(pk=authorisation_id)
    payment = Payment.objects.locked(found.payment_id)
    held = Authorisation.objects.locked(found.pk)
    if held.state in GOING:
        move(held, AUTHORISATION, "release", actor=actor, at=at, ended_at=at)
        owed.forget_looks(held.pk, "capture")
        if payment.state == PaymentState.AUTHORISED:
            _end(payment, held, cause, actor=actor, at=at)
    return held


def settle_with(payment: Payment, trade_number: str, amount: Money, *, actor: Actor, at: datetime) -> None:
    """Money came in for a locked payment: what it was taken out of has ended; any other is let go."""
    for held in payment.authorisations.filter(state__in=GOING).select_for_update(no_key=True):
        if held.trade_number == trade_number:
            move(held, AUTHORISATION, "capture", actor=actor, at=at, ended_at=at, capture_minor=amount.minor)
            for kind in ("capture", "release"):
                owed.forget_looks(held.pk, kind)
        elif AUTHORISATION.allows(held.state, "ask_release"):
            move(held, AUTHORISATION, "ask_release", actor=actor, at=at)
            owed.authorisation(held, "release", due_at=at)
        booking.meet(kind=CLOCK, reference=held.pk, at=at)


def _held(payment: Payment) -> Authorisation | None:
    standing = payment.authorisations.standing()
    return standing.select_for_update(of=("self",), no_key=True).first()


def _end(payment: Payment, held: Authorisation, cause: str, *, actor: Actor, at: datetime) -> None:
    move(payment, PAYMENT, "release", actor=actor, at=at)
    booking.meet(kind=CLOCK, reference=held.pk, at=at)
    bus.publish(
        PaymentReleased(
            payment_id=payment.pk,
            subject_id=payment.payer_subject_id,
            references=list(payment.parts.order_by("position").values_list("reference", flat=True)),
            amount_minor=held.amount_minor,
            currency=held.currency,
            cause=cause,
        ),
        at=at,
    )


def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody decided in time: it is let go while it is still sure, and nothing was taken."""
    found = Authorisation.objects.get(pk=reference)
    Payment.objects.locked(found.payment_id)
    if Authorisation.objects.get(pk=reference).state == AuthorisationState.HELD:
        let_go(payment_id=found.payment_id, actor=Actor.system(), at=at, cause="not_decided")
