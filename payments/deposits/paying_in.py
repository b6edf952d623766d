"""How a deposit is filled: from what the shop has available, or through a provider like any other payment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from payments import accounts, capture, ledger
from payments.capture import Part
from payments.deposits import calling
from payments.events import PaymentCaptured
from payments.lifecycle import PartKind, PaymentState
from payments.models import Deposit, Payment, PaymentPart
from rulebook import promises
from web import tenancy

CLOCK, POLICY = "payments.deposit_payment", "deposit.payment"
PAID_IN = "deposit"
UNPAID = (PaymentState.OPEN, PaymentState.FAILED)


class DepositWhole(DomainError):
    code = "deposit_whole"
    message = N_("The deposit is whole: nothing is to be paid in.")


class NothingAvailable(DomainError):
    code = "deposit_nothing_available"
    message = N_("The shop has nothing available to pay from. Pay through a provider, or wait for a sale.")


@tenancy.widened()
@transaction.atomic
def from_balance(*, merchant_id: UUID, actor: Actor, at: datetime) -> Money:
    """Fill it from what the shop has available, as far as that goes; gives how much went.

    :raises DepositWhole: :raises NothingAvailable: nothing has moved then
    """
    Merchant.objects.locked(merchant_id)
    deposit = _short(merchant_id)
    moved = fill(merchant_id=merchant_id, currency=deposit.currency, actor=actor, at=at)
    if not moved:
        raise NothingAvailable()
    return moved


@tenancy.widened()
@transaction.atomic
def fill(*, merchant_id: UUID, currency: str, actor: Actor, at: datetime) -> Money:
    """Move what is missing from the balance, as far as it goes: before each payout, or when the shop says so.

    The shop's row is locked by the caller.
    """
    nothing = Money.zero(currency)
    available = ledger.locked_balance(accounts.available(merchant_id), currency)
    deposit, held = calling.locked(merchant_id, currency)
    if deposit is None or calling.open_call(deposit) is None:
        return nothing
    moved = max(min(deposit.required - held, available), nothing)
    if moved:
        lines = ledger.move_money(accounts.available(merchant_id), accounts.deposit(merchant_id), moved)
        ledger.post(reference=deposit.pk, purpose=f"{PAID_IN}:{new_id()}", lines=lines, actor=actor, at=at)
        calling.review(merchant_id, at=at)
    return moved


@tenancy.widened()
@transaction.atomic
def by_provider(*, merchant_id: UUID, actor: Actor, at: datetime) -> Payment:
    """Open a payment over what is missing; one at a time, and the same again goes on where it was.

    :raises DepositWhole: :raises NotFound: for nobody
    """
    if actor.subject_id is None:
        raise NotFound()
    Merchant.objects.locked(merchant_id)
    deposit = _short(merchant_id)
    missing = deposit.required - ledger.balance(accounts.deposit(merchant_id), deposit.currency)
    for before in _unpaid(merchant_id):
        if (
            before.amount == missing
            and before.payer_subject_id == actor.subject_id
            and at < before.expires_at
        ):
            return before
        capture.expire_payment(payment_id=before.pk, actor=actor, at=at)
    window = promises.due(POLICY, start=at, at=at)
    payment = capture.open_payment(
        payer_subject_id=actor.subject_id,
        parts=[Part(new_id(), merchant_id, missing, PartKind.DEPOSIT)],
        expires_at=window.due_at,
        actor=actor,
        at=at,
    )
    booking.book(kind=CLOCK, reference=payment.pk, at=at, **window.as_booking())
    return payment


def _short(merchant_id: UUID) -> Deposit:
    deposit = Deposit.objects.filter(merchant_id=merchant_id, calls__ended_at__isnull=True).first()
    if deposit is None or calling.open_call(deposit) is None:
        raise DepositWhole()
    return deposit


def _unpaid(merchant_id: UUID) -> list[Payment]:
    mine = PaymentPart.objects.filter(merchant_id=merchant_id, kind=PartKind.DEPOSIT)
    return list(Payment.objects.filter(pk__in=mine.values("payment_id"), state__in=UNPAID).order_by("pk"))


@transaction.atomic
def on_payment_captured(event: PaymentCaptured, *, at: datetime) -> None:
    """The money lies in the deposit; what is more than the shop must leave is its own again."""
    part = PaymentPart.objects.filter(payment_id=event.payment_id, kind=PartKind.DEPOSIT).first()
    if part is None:
        return
    booking.meet(kind=CLOCK, reference=event.payment_id, at=at)
    calling.review(part.merchant_id, at=at)


@transaction.atomic
def on_payment_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody paid in time: the payment is closed, the call for the deposit stays."""
    capture.expire_payment(payment_id=reference, actor=Actor.system(), at=at)
