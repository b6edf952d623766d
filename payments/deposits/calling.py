"""What a shop must leave against what lies there: what is missing is called for, too much is freed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import register
from merchants.lifecycle import MerchantState
from merchants.models import Merchant
from outbox import bus
from payments import accounts, ledger
from payments.events import DepositCalled, DepositOverdue
from payments.models import Deposit, DepositCall
from rulebook import policies, promises
from web import tenancy

CLOCK, SILENCE, SHARE = "payments.deposit", "silence.deposit", "deposit.share"
FREED = "deposit_freed"
TRADES = (MerchantState.TRADING, MerchantState.RESTRICTED, MerchantState.SUSPENDED)


def required(merchant: Merchant, *, at: datetime) -> Money | None:
    """What it agreed to leave, or the share of that which its grade asks for; None: it agreed to nothing."""
    agreed = register.deposit_of(merchant.pk)
    if agreed is None:
        return None
    return agreed.permille(int(policies.value(SHARE, at)[merchant.grade]))


def open_call(deposit: Deposit) -> DepositCall | None:
    return deposit.calls.filter(ended_at__isnull=True).first()


def locked(merchant_id: UUID, currency: str) -> tuple[Deposit | None, Money]:
    """The row and what lies on the account, the account locked first: so nobody draws in between."""
    held = ledger.locked_balance(accounts.deposit(merchant_id), currency)
    rows = Deposit.objects.select_for_update(no_key=True)
    return rows.filter(merchant_id=merchant_id, currency=currency).first(), held


@tenancy.widened()
@transaction.atomic
def after_draw(merchant_id: UUID, currency: str, *, at: datetime) -> None:
    """A case has drawn on the deposit: call for what is missing now. The shop's own row isn't touched."""
    deposit, held = locked(merchant_id, currency)
    if deposit is not None:
        _call(deposit, held, at=at)


@tenancy.widened()
@transaction.atomic
def review(merchant_id: UUID, *, at: datetime) -> None:
    """Bring what is required, the call for it and what the shop may publish in line; twice is once."""
    merchant = Merchant.objects.locked(merchant_id)
    wanted = required(merchant, at=at)
    if wanted is None:
        return
    deposit, held = locked(merchant_id, wanted.currency)
    if deposit is None:
        if merchant.state not in TRADES:
            return
        deposit = Deposit(merchant_id=merchant_id, currency=wanted.currency)
    if merchant.state in TRADES:
        deposit.required_minor, deposit.leaving_at, deposit.given_back_at = wanted.minor, None, None
        deposit.save()
    _call(deposit, held, at=at)
    if deposit.leaving_at is None or deposit.given_back_at is not None:
        free(deposit, held - deposit.required, at=at)
    _write(merchant, deposit)


def free(deposit: Deposit, amount: Money, *, at: datetime) -> None:
    """What the deposit needn't hold is the shop's own again."""
    if amount.minor <= 0:
        return
    lines = ledger.move_money(
        accounts.deposit(deposit.merchant_id), accounts.available(deposit.merchant_id), amount
    )
    purpose = f"{FREED}:{new_id()}"
    ledger.post(reference=deposit.pk, purpose=purpose, lines=lines, actor=Actor.system(), at=at)


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The time to fill it is over: no new goods go on sale, and the desk decides about more."""
    call = DepositCall.objects.select_related("deposit").get(pk=reference)
    merchant = Merchant.objects.locked(call.deposit.merchant_id)
    deposit, held = locked(merchant.pk, call.deposit.currency)
    call.refresh_from_db()
    if deposit is None or call.ended_at is not None or held >= deposit.required:
        return
    call.overdue_at = at
    call.save(update_fields=["overdue_at"])
    _write(merchant, deposit)
    missing = deposit.required - held
    bus.publish(DepositOverdue(call.pk, merchant.pk, missing.minor, missing.currency), at=at)


def _call(deposit: Deposit, held: Money, *, at: datetime) -> None:
    """Open or end the call; the rows are locked."""
    call, missing = open_call(deposit), deposit.required - held
    if call is not None and (missing.minor <= 0 or deposit.leaving_at is not None):
        left = deposit.leaving_at is not None
        call.ended_at, call.ending = at, DepositCall.Ending.LEFT if left else DepositCall.Ending.FILLED
        call.save(update_fields=["ended_at", "ending"])
        booking.meet(kind=CLOCK, reference=call.pk, at=at)
    elif call is None and missing.minor > 0 and deposit.leaving_at is None:
        window = promises.due(SILENCE, start=at, at=at)
        call = DepositCall.objects.create(
            deposit=deposit, missing_minor=missing.minor, opened_at=at, due_at=window.due_at
        )
        booking.book(kind=CLOCK, reference=call.pk, at=at, **window.as_booking())
        bus.publish(DepositCalled(call.pk, deposit.merchant_id, missing.minor, missing.currency), at=at)


def _write(merchant: Merchant, deposit: Deposit) -> None:
    """Whether new goods have to wait, where the catalogue reads it."""
    call = open_call(deposit)
    short = call is not None and call.overdue_at is not None
    if merchant.deposit_short != short:
        merchant.deposit_short = short
        merchant.save(update_fields=["deposit_short"])
