"""Taking money: a payment is opened, and captured when the provider proves that it has the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.ids import public_number
from kernel.money import Money, total
from outbox import bus
from payments import escrow, refunds, starting, tenders
from payments.events import PaymentCaptured, PaymentExpired, PaymentFailed
from payments.lifecycle import PAYMENT, PartKind, PaymentState
from payments.models import Charge, Payment, PaymentPart
from payments.moves import move
from payments.tenders import Tendered
from privacy import commitments
from web.kept_inserts import insert


class NothingToPay(Invalid):
    code = "nothing_to_pay"
    message = N_("There is nothing to pay here. Go back to your cart and check it.")


class ChargeDiffers(DomainError):
    """What the provider took isn't what was to be paid: a person must look."""

    code = "charge_differs"
    message = N_("The provider reports another amount than the payment's. We are looking into it.")


@dataclass(frozen=True, slots=True)
class Part:
    """`amount` for the order `reference`, sold by `merchant_id`; or for a gift card, or a cover's premium."""

    reference: UUID
    merchant_id: UUID
    amount: Money
    kind: PartKind = PartKind.ORDER


def open_payment(
    *,
    payer_subject_id: UUID,
    parts: Sequence[Part],
    expires_at: datetime,
    actor: Actor,
    at: datetime,
    tendered: Sequence[Tendered] = (),
    authorise_first: bool = False,
) -> Payment:
    """Ask the payer for the sum of `parts` (one currency, each above zero, an order once) until `expires_at`.

    What is `tendered` is set apart now; with nothing left due it is captured at once. `authorise_first`:
    reserved where the provider can, and taken by `authorising`; never with tenders.

    :raises NothingToPay: without parts or with one of nothing
    :raises TenderSpent: when an account that was to pay has less by now
    """
    if not parts or any(part.amount.minor <= 0 for part in parts):
        raise NothingToPay(field="amount")
    amount = total((part.amount for part in parts), parts[0].amount.currency)
    payment = Payment(
        number=public_number("P"),
        payer_subject_id=payer_subject_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        opened_at=at,
        expires_at=expires_at,
        authorise_first=authorise_first and not tendered,
    )
    made = tenders.rows(payment, rows := _rows(payment, parts), tendered)
    # No savepoint of its own where nothing can be refused: two statements are all that a checkout needs.
    with transaction.atomic(savepoint=bool(made)):
        insert([payment])
        insert(rows)
        if made:
            tenders.set_apart(payment, made, actor=actor, at=at)
        if payment.due.is_zero:
            _capture(payment, None, actor=actor, at=at)
    return payment


def _rows(payment: Payment, parts: Sequence[Part]) -> list[PaymentPart]:
    return [
        PaymentPart(
            payment=payment,
            position=position,
            reference=part.reference,
            kind=part.kind,
            merchant_id=part.merchant_id,
            amount_minor=part.amount.minor,
            currency=part.amount.currency,
        )
        for position, part in enumerate(parts)
    ]


@transaction.atomic
def record(
    *, payment_id: UUID, provider: str, charge_id: str, amount: Money, actor: Actor, at: datetime
) -> Charge:
    """Record a charge that `provider` proved: the first captures the payment, a further one goes back.

    The same charge again changes nothing. Late money (after expiry) is captured all the same, unless what
    a gift card or points were to pay of it was spent meanwhile: then it goes back whole.

    :raises ChargeDiffers: when amount, currency or payment of the charge is another; nothing is recorded
    """
    payment = Payment.objects.locked(payment_id)
    known = Charge.objects.filter(provider=provider, provider_charge_id=charge_id).first()
    if what := _difference(payment, known, amount):
        raise ChargeDiffers(what=what)
    if known is not None:
        return known
    taken = payment.state == PaymentState.CAPTURED
    extra = taken or not tenders.stand(payment, actor=actor, at=at)
    charge = Charge.objects.create(
        payment=payment,
        provider=provider,
        provider_charge_id=charge_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        extra=extra,
        taken_at=at,
    )
    if extra:
        refunds.send_back_extra(payment=payment, charge=charge, actor=actor, at=at)
    else:
        _capture(payment, charge, actor=actor, at=at)
    return charge


def _difference(payment: Payment, known: Charge | None, amount: Money) -> str:
    if amount.currency != payment.currency:
        return "other currency"
    if amount != payment.due:
        return "other amount"
    return "charge of another payment" if known is not None and known.payment_id != payment.pk else ""


def _capture(payment: Payment, charge: Charge | None, *, actor: Actor, at: datetime) -> None:
    """The payment and its charge are locked; without a charge gift cards and points have paid all of it."""
    late = payment.state in (PaymentState.EXPIRED, PaymentState.RELEASED)
    provider = charge.provider if charge else ""
    move(payment, PAYMENT, "capture", actor=actor, at=at, captured_at=at, provider=provider)
    parts = [part for part in payment.parts.order_by("position") if part.taken_minor]
    escrow.hold(payment=payment, charge=charge, parts=parts, actor=actor, at=at)
    _prove(payment, charge, at=at)
    bus.publish(
        PaymentCaptured(
            payment_id=payment.pk,
            subject_id=payment.payer_subject_id,
            references=[part.reference for part in parts],
            amount_minor=payment.taken.minor,
            currency=payment.currency,
            late=late,
        ),
        at=at,
    )


def _prove(payment: Payment, charge: Charge | None, *, at: datetime) -> None:
    """Queue the provider's receipt, and what was paid without one, for the public log."""
    commitment = commitments.commit(
        subject_id=payment.payer_subject_id,
        label="payments.payment.capture",
        reference=payment.pk,
        payload={
            "payment": payment.number,
            "provider": charge.provider if charge else "",
            "charge": charge.provider_charge_id if charge else "",
            "amount_minor": payment.due.minor,
            "currency": payment.currency,
            "at": at.isoformat(),
            **({"tendered_minor": payment.tendered_minor} if payment.tendered_minor else {}),
        },
    )
    log.queue(label="payments.payment.capture", reference=payment.pk, commitment=commitment, at=at)


@transaction.atomic
def fail(*, payment_id: UUID, actor: Actor, at: datetime) -> Payment:
    """Record that an attempt was declined; a payment that isn't open (any more) stays as it is."""
    payment = Payment.objects.locked(payment_id)
    if PAYMENT.allows(payment.state, "fail"):
        move(payment, PAYMENT, "fail", actor=actor, at=at)
        bus.publish(
            PaymentFailed(
                payment_id=payment.pk,
                subject_id=payment.payer_subject_id,
                references=_references(payment),
            ),
            at=at,
        )
    return payment


@transaction.atomic
def expire_payment(*, payment_id: UUID, actor: Actor, at: datetime) -> Payment:
    """Close a payment that nobody paid; look at `.state` of what comes back: it may be captured instead."""
    payment = Payment.objects.locked(payment_id)
    if PAYMENT.allows(payment.state, "expire"):
        move(payment, PAYMENT, "expire", actor=actor, at=at)
        tenders.give_back(payment, actor=actor, at=at)
        starting.close_all(payment_id=payment.pk, actor=actor, at=at)
        bus.publish(
            PaymentExpired(
                payment_id=payment.pk,
                subject_id=payment.payer_subject_id,
                references=_references(payment),
            ),
            at=at,
        )
    return payment


def _references(payment: Payment) -> list[UUID]:
    return list(payment.parts.order_by("position").values_list("reference", flat=True))
