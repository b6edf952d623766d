"""Money that staff move by hand: always two people, never for a shop that one of them has a part in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from accounts.joint_acts import Signed, Step
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from kernel.money import Money
from merchants import parties
from payments import fund
from payments.models import LedgerEntry, Payout
from payments.paying_out import sending

# The ledger's trigger knows an advance by hand by this purpose.
ADVANCE = "by_hand"


class SumUnfit(Invalid):
    code = "by_hand_sum_unfit"
    message = N_("Give a sum above zero.")


@dataclass(frozen=True, slots=True)
class PayOut(Step):
    """Pay a merchant out before its schedule would."""

    kind: ClassVar[str] = "payments.pay_out"
    permission: ClassVar[str] = "payments.pay_out_by_hand"
    words: ClassVar[str] = N_("Pay a merchant out by hand")

    merchant_id: UUID
    amount_minor: int
    currency: str
    provider: str


@dataclass(frozen=True, slots=True)
class Advance(Step):
    """Put money of the protection fund into an order's escrow."""

    kind: ClassVar[str] = "payments.advance"
    permission: ClassVar[str] = "payments.advance_by_hand"
    words: ClassVar[str] = N_("Advance money from the protection fund")

    order_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


def pay_out(step: PayOut, signed: Signed, at: datetime) -> Payout:
    """The payout carries the key of the joint act, by which the ledger finds the two people.

    :raises SumUnfit, PartyMayNotAct, NotEnoughMoney, PayoutWaits, PayoutsFrozen: nothing is paid then
    """
    _require(step.merchant_id, step.amount_minor, signed)
    return sending.request(
        merchant_id=step.merchant_id,
        amount=Money(step.amount_minor, step.currency),
        provider=step.provider,
        actor=signed.actor,
        at=at,
        payout_id=signed.act_id,
    )


def advance(step: Advance, signed: Signed, at: datetime) -> LedgerEntry:
    """:raises SumUnfit, PartyMayNotAct: nothing is moved then"""
    _require(step.merchant_id, step.amount_minor, signed)
    return fund.advance(
        reference=step.order_id,
        merchant_id=step.merchant_id,
        amount=Money(step.amount_minor, step.currency),
        purpose=f"{ADVANCE}:{signed.act_id}",
        actor=signed.actor,
        at=at,
    )


def _require(merchant_id: UUID, amount_minor: int, signed: Signed) -> None:
    if amount_minor <= 0:
        raise SumUnfit(field="amount")
    for person in (signed.proposed_by, signed.confirmed_by):
        parties.refuse_party(merchant_id=merchant_id, actor=Actor.staff(person))
