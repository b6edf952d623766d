"""Money back to the payer: out of escrow at once, then through the provider, step by recorded step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.events import to_payload
from kernel.money import Money, total
from outbox import bus
from payments import accounts, ledger, owed, tenders
from payments.events import ChargedTwice, RefundFailed, RefundPaid
from payments.gateways.protocol import refund_key
from payments.ledger import Line
from payments.lifecycle import REFUND, DisputeState, PaymentState, RefundState
from payments.models import Charge, DisputeShare, Payment, PaymentPart, Refund, Tender
from payments.moves import move
from payments.points import lots
from privacy import commitments
from web import tenancy


class RefundExceedsCaptured(DomainError):
    code = "refund_exceeds_captured"
    message = N_("This refund is more than what is left of the payment: %(left)s can still go back.")


class RefundDiffers(DomainError):
    code = "refund_differs"
    message = N_("A refund for this step was already made with another amount. Reload the page to see it.")


@tenancy.widened()
@transaction.atomic
def refund(
    *,
    reference: UUID,
    amount: Money,
    purpose: str,
    actor: Actor,
    at: datetime,
    payment_id: UUID | None = None,
) -> Refund:
    """Send `amount` of what was paid for the order back to the payer, once per (reference, purpose).

    The same call again gives the refund that exists. The money leaves escrow now; the provider is called
    after the commit, and `RefundPaid` follows its word. `payment_id` picks one of several captured payments.
    What gift cards or points paid goes back to them at once, each its share (`tenders.spread`); then the
    provider's refund is what is given back here, else the first of theirs.

    :raises RefundDiffers: when the purpose was used with another amount
    :raises RefundExceedsCaptured: when no captured payment of the order has that much left
    :raises NotEnoughMoney: when less is held in the order's escrow
    """
    part, charge = _source(reference, amount, payment_id=payment_id, purpose=purpose)
    known = list(Refund.objects.filter(reference=reference, purpose=purpose).order_by("requested_at", "id"))
    if known:
        if total((one.amount for one in known), amount.currency) != amount:
            raise RefundDiffers()
        return known[0]
    ledger.require(part.account, amount)
    return _send(part, charge, amount, purpose, actor=actor, at=at)


def _send(
    part: PaymentPart, charge: Charge | None, amount: Money, purpose: str, *, actor: Actor, at: datetime
) -> Refund:
    """One refund per means, in one entry; what goes to cards and points has arrived with it."""
    shares = _shares(part, amount, purpose=purpose)
    home = [tender.account for tender, _share in shares if tender]
    lots.make_ready(home, at=at)
    made = [
        _start(
            None if tender else charge,
            part,
            reference=part.reference,
            purpose=purpose,
            amount=share,
            at=at,
            tender=tender,
        )
        for tender, share in shares
    ]
    _post(made, part.account, actor=actor, at=at)
    lots.take_in(home, at=at)
    for one in made:
        if one.tender_id:
            confirm(refund_id=one.pk, actor=actor, at=at)
    return made[0]


def _shares(part: PaymentPart, amount: Money, *, purpose: str) -> list[tuple[Tender | None, Money]]:
    found = tenders.spread(part, amount, purpose=purpose)
    if (there := total((share for _tender, share in found), amount.currency)) != amount:
        raise RefundExceedsCaptured(left=str(there))
    return found


def _source(
    reference: UUID, amount: Money, *, payment_id: UUID | None, purpose: str
) -> tuple[PaymentPart, Charge | None]:
    """The part and charge (none: no provider was needed) to take the refund from, its payment locked."""
    chosen = Q(payment_id=payment_id) if payment_id else Q()
    parts = PaymentPart.objects.filter(chosen, reference=reference, payment__state=PaymentState.CAPTURED)
    payments = {p.pk: p for p in _locked(parts.values_list("payment_id", flat=True))}
    left = Money.zero(amount.currency)
    for part in parts.order_by("payment__captured_at", "id"):
        left_of_it = head_room(part, purpose=purpose)
        if part.currency == amount.currency and left_of_it >= amount.minor:
            return part, payments[part.payment_id].charges.filter(extra=False).first()
        left = max(left, Money(left_of_it, part.currency)) if part.currency == left.currency else left
    raise RefundExceedsCaptured(left=str(left))


def _locked(ids: Iterable[UUID]) -> list[Payment]:
    return list(
        Payment.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    )


def head_room(part: PaymentPart, *, purpose: str = "") -> int:
    """What may still go back of `part`: not what a dispute has taken or holds, unless it was won.

    A refund of the same purpose doesn't count against itself.
    """
    standing = Refund.objects.standing().filter(part=part).exclude(purpose=purpose)
    disputed = DisputeShare.objects.filter(part=part).exclude(dispute__state=DisputeState.WON)
    return part.taken_minor - _sum(standing) - _sum(disputed)


def charge_room(part: PaymentPart) -> int:
    """What of `part` a payer's bank may still ask back: what the provider brought and didn't get back."""
    standing = Refund.objects.standing().filter(part=part, tender__isnull=True)
    disputed = DisputeShare.objects.filter(part=part).exclude(dispute__state=DisputeState.WON)
    return part.due_minor - _sum(standing) - _sum(disputed)


def _sum(rows: QuerySet[Refund] | QuerySet[DisputeShare]) -> int:
    return int(rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0)


def _start(
    charge: Charge | None,
    part: PaymentPart | None,
    *,
    reference: UUID,
    purpose: str,
    amount: Money,
    at: datetime,
    tender: Tender | None = None,
) -> Refund:
    made = Refund.objects.create(
        charge=charge,
        part=part,
        tender=tender,
        reference=reference,
        purpose=purpose,
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_at=at,
    )
    if charge is not None:
        owed.refund(made, due_at=at)
    return made


def key_of(made: Refund) -> str:
    """The key under which the provider was asked for it, and reports on it."""
    return refund_key(made.pk)


def _post(made: list[Refund], source: str, *, actor: Actor, at: datetime) -> None:
    """One entry for all means of one refund."""
    amount = total((one.amount for one in made), made[0].currency)
    ledger.post(
        reference=made[0].reference,
        purpose=f"refund:{made[0].purpose}",
        lines=[Line(source, -amount), *(Line(one.goes_to, one.amount) for one in made)],
        actor=actor,
        at=at,
    )


@transaction.atomic
def send_back_extra(*, payment: Payment, charge: Charge, actor: Actor, at: datetime) -> Refund:
    """Book a second charge of a paid payment and send it back whole; `payment` is locked."""
    waiting = accounts.suspense(charge.pk)
    lines = ledger.move_money(accounts.provider(charge.provider), waiting, charge.amount)
    ledger.post(reference=charge.pk, purpose="extra_charge", lines=lines, actor=actor, at=at)
    made = _start(charge, None, reference=charge.pk, purpose="extra_charge", amount=charge.amount, at=at)
    _post([made], waiting, actor=actor, at=at)
    told = (payment.pk, payment.payer_subject_id, charge.pk, made.pk, charge.amount_minor, charge.currency)
    bus.publish(ChargedTwice(*told), at=at)
    return made


@transaction.atomic
def again(failed: Refund, *, actor: Actor, at: datetime) -> Refund:
    """The sum of a refund that failed, asked for once more under the next purpose.

    :raises RefundExceedsCaptured, NotEnoughMoney: when a dispute has taken it meanwhile
    """
    cause = failed.purpose.partition(tenders.AGAIN)[0]
    before = Refund.objects.filter(reference=failed.reference, tender__isnull=True)
    tried = before.filter(Q(purpose=cause) | Q(purpose__startswith=f"{cause}{tenders.AGAIN}")).count()
    purpose = f"{cause}{tenders.AGAIN}{tried + 1}"
    if failed.part is not None:
        asked: dict[str, Any] = {"reference": failed.reference, "amount": failed.amount, "purpose": purpose}
        return refund(**asked, payment_id=failed.part.payment_id, actor=actor, at=at)
    waiting = accounts.suspense(failed.reference)
    ledger.require(waiting, failed.amount)
    extra: dict[str, Any] = {"reference": failed.reference, "purpose": purpose, "amount": failed.amount}
    made = _start(failed.through, None, **extra, at=at)
    _post([made], waiting, actor=actor, at=at)
    return made


@transaction.atomic
def mark_sent(*, refund_id: UUID, actor: Actor, at: datetime) -> Refund:
    """The provider took the order; its confirmation may have come before, then nothing changes."""
    made = Refund.objects.locked(refund_id)
    if REFUND.allows(made.state, "send"):
        move(made, REFUND, "send", actor=actor, at=at)
    return made


@transaction.atomic
def confirm(*, refund_id: UUID, actor: Actor, at: datetime) -> bool:
    """The provider says, signed, that the payer has the money. False: the refund had ended before."""
    made = Refund.objects.locked(refund_id)
    if not REFUND.allows(made.state, "pay"):
        return False
    move(made, REFUND, "pay", actor=actor, at=at, settled_at=at)
    owed.forget_looks(made.pk, "ask_refund")
    _prove(made, made.payment.payer_subject_id, at=at)
    bus.publish(_event(RefundPaid, made), at=at)
    return True


@transaction.atomic
def give_up(*, refund_id: UUID, actor: Actor, at: datetime) -> bool:
    """The provider can't pay: the money is held again. False: the refund had ended before."""
    made = Refund.objects.locked(refund_id)
    if not REFUND.allows(made.state, "fail"):
        return False
    move(made, REFUND, "fail", actor=actor, at=at, settled_at=at)
    held = made.part.account if made.part else accounts.suspense(made.reference)
    ledger.post(
        reference=made.reference,
        purpose=f"refund_failed:{made.purpose}",
        lines=ledger.move_money(made.goes_to, held, made.amount),
        actor=actor,
        at=at,
    )
    bus.publish(_event(RefundFailed, made), at=at)
    return True


def _event(kind: type[RefundPaid] | type[RefundFailed], made: Refund) -> RefundPaid | RefundFailed:
    return kind(
        refund_id=made.pk,
        subject_id=made.payment.payer_subject_id,
        reference=made.reference,
        purpose=made.purpose,
        amount_minor=made.amount_minor,
        currency=made.currency,
    )


def _prove(made: Refund, subject_id: UUID, *, at: datetime) -> None:
    payload = {**to_payload(_event(RefundPaid, made)), "at": at.isoformat()}
    label = "payments.refund.pay"
    commitment = commitments.commit(subject_id=subject_id, label=label, reference=made.pk, payload=payload)
    log.queue(label=label, reference=made.pk, commitment=commitment, at=at)


def open_refunds(reference: UUID) -> list[Refund]:
    """Asked for and neither paid nor failed."""
    return list(Refund.objects.on_the_way().filter(reference=reference).order_by("requested_at", "id"))


def is_fully_refunded(reference: UUID) -> bool:
    """All that was captured for the order is on its way back or there."""
    parts = PaymentPart.objects.filter(reference=reference, payment__state=PaymentState.CAPTURED)
    captured = sum(part.taken_minor for part in parts)
    standing = Refund.objects.filter(reference=reference).exclude(state=RefundState.FAILED)
    lost = DisputeShare.objects.filter(reference=reference, dispute__state=DisputeState.LOST)
    return captured > 0 and _sum(standing) + _sum(lost) == captured
