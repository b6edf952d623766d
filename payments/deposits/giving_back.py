"""A shop that has left gets its deposit back when nothing that it sold can need it any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Max, Sum, Value
from django.db.models.functions import Cast, Concat

from deadlines import booking
from kernel.actor import Actor
from merchants.events import MerchantApproved, MerchantStandingChanged
from merchants.lifecycle import MerchantState
from merchants.models import Merchant
from outbox import bus
from payments import accounts, fund, ledger
from payments.deposits import calling
from payments.events import DepositGivenBack
from payments.lifecycle import PartKind
from payments.models import Deposit, Dispute, PaymentPart, Posting
from rulebook import promises

CLOCK, POLICY, AGAIN = "payments.deposit_back", "deposit.back", "deposit.back_again"


class OfShop(Protocol):
    """A fact about a shop, whoever tells it."""

    merchant_id: UUID


# Whether rooms above have a case of the shop that isn't over; handed in at start.
Running = Callable[[UUID], bool]
_running: list[Running] = []


def connect(running: list[Running]) -> None:
    """Replace what rooms above had said."""
    _running[:] = running


def on_merchant_approved(event: MerchantApproved, *, at: datetime) -> None:
    """Admitted: from now on the agreed deposit is called for."""
    calling.review(event.merchant_id, at=at)


def on_grade_changed(event: OfShop, *, at: datetime) -> None:
    """Another grade may ask for another share of it."""
    calling.review(event.merchant_id, at=at)


@transaction.atomic
def on_standing_changed(event: MerchantStandingChanged, *, at: datetime) -> None:
    """Closed: its last window begins. Back again: the deposit is what it was."""
    merchant = Merchant.objects.locked(event.merchant_id)
    for deposit in Deposit.objects.filter(merchant_id=merchant.pk, given_back_at__isnull=True):
        if merchant.state == MerchantState.CLOSED and deposit.leaving_at is None:
            Deposit.objects.filter(pk=deposit.pk).update(leaving_at=at)
            _wait(deposit, POLICY, start=at, at=at)
        elif merchant.state != MerchantState.CLOSED and deposit.leaving_at is not None:
            booking.cancel(kind=CLOCK, reference=deposit.pk, at=at)
    calling.review(merchant.pk, at=at)


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The last window is over: back to the shop's balance, and from there to its account like any sale."""
    merchant = Merchant.objects.locked(Deposit.objects.get(pk=reference).merchant_id)
    deposit, held = calling.locked(merchant.pk, Deposit.objects.get(pk=reference).currency)
    if deposit is None or deposit.leaving_at is None or deposit.given_back_at is not None:
        return
    if still_needed(deposit, at=at):
        _wait(deposit, AGAIN, start=at, at=at)
        return
    deposit.required_minor, deposit.given_back_at = 0, at
    deposit.save(update_fields=["required_minor", "given_back_at"])
    calling.free(deposit, held, at=at)
    fund.recover(
        merchant_id=merchant.pk,
        currency=deposit.currency,
        cause=f"deposit:{deposit.pk}",
        actor=Actor.system(),
        at=at,
    )
    bus.publish(DepositGivenBack(deposit.pk, merchant.pk, held.minor, held.currency), at=at)


def still_needed(deposit: Deposit, *, at: datetime) -> bool:
    """Something of the shop's is held, disputed or argued about, or was settled too short a while ago."""
    shop = deposit.merchant_id
    if (
        any(running(shop) for running in _running)
        or Dispute.objects.running().filter(shares__merchant_id=shop).exists()
    ):
        return True
    if ledger.balance(accounts.reserve(shop), deposit.currency):
        return True
    name = Concat(Value("escrow:"), Cast("reference", CharField()))
    orders = PaymentPart.objects.filter(merchant_id=shop, kind=PartKind.ORDER).annotate(escrow=name)
    escrows = Posting.objects.filter(account__in=orders.values("escrow"))
    if escrows.aggregate(minor=Sum("amount_minor"))["minor"]:
        return True
    settled = Posting.objects.filter(
        account=accounts.available(shop), entry__purpose__startswith="settlement"
    )
    last = settled.aggregate(at=Max("entry__occurred_at"))["at"]
    return last is not None and at < promises.due(POLICY, start=last, at=at).due_at


def _wait(deposit: Deposit, policy: str, *, start: datetime, at: datetime) -> None:
    window = promises.due(policy, start=start, at=at)
    booking.book(kind=CLOCK, reference=deposit.pk, at=at, **window.as_booking())
