"""Who pays what a shop owes a buyer: its balance, its reserve, its deposit, then the fund in its stead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, fund, ledger, reserve
from payments.deposits import calling
from payments.ledger import Line
from web import tenancy


@dataclass(frozen=True, slots=True)
class Given:
    """What each gave of one sum; `fund` is what the shop owes from now on."""

    balance: Money
    reserve: Money
    deposit: Money
    fund: Money

    @property
    def all(self) -> Money:
        return self.balance + self.reserve + self.deposit + self.fund


def give(
    merchant_id: UUID, wanted: Money, *, reference: UUID, with_fund: bool = True
) -> tuple[Given, list[Line]]:
    """Work out who gives `wanted`, and the lines that take it; the shop's accounts stay locked.

    Always in this order of accounts, so that two cases of one shop queue and never wait for each other.
    Never out of an escrow: no buyer pays for another. Without the fund it may be less than wanted.
    """
    balance = _least(wanted, ledger.locked_balance(accounts.available(merchant_id), wanted.currency))
    kept = reserve.drawn(merchant_id, wanted - balance, reference=reference)
    reserved = -sum((line.amount for line in kept), Money.zero(wanted.currency))
    rest = wanted - balance - reserved
    deposit = _least(rest, ledger.locked_balance(accounts.deposit(merchant_id), wanted.currency))
    lent = rest - deposit if with_fund else Money.zero(wanted.currency)
    lines = [
        Line(accounts.available(merchant_id), -balance),
        *kept,
        Line(accounts.deposit(merchant_id), -deposit),
        *fund.lent(merchant_id, lent),
    ]
    return Given(balance, reserved, deposit, lent), lines


@tenancy.widened()
@transaction.atomic
def gather(
    *,
    reference: UUID,
    merchant_id: UUID,
    wanted: Money,
    into: str,
    purpose: str,
    actor: Actor,
    at: datetime,
    with_fund: bool = True,
) -> Given:
    """Bring `wanted` of a shop's money onto the account `into`. Once per (reference, purpose)."""
    given, lines = give(merchant_id, wanted, reference=reference, with_fund=with_fund)
    if given.all:
        ledger.post(
            reference=reference, purpose=purpose, lines=[*lines, Line(into, given.all)], actor=actor, at=at
        )
    if given.deposit:
        calling.after_draw(merchant_id, wanted.currency, at=at)
    return given


def _least(wanted: Money, there: Money) -> Money:
    return max(min(wanted, there), Money.zero(wanted.currency))
