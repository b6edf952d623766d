"""A cover's money: premium to the insurer when the risk begins, and what the insurer pays, to the buyer.

The premium waits in `escrow:<cover>`. What an insurer pays for goods goes through the order's escrow; what it
pays beside the price (a return's freight, a fake) waits in the cover's escrow until it proves the transfer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.lifecycle import PartKind, PaymentState
from payments.models import LedgerEntry, PaymentPart
from web import tenancy

PREMIUM, AWARD, DELIVERED = "cover_premium", "cover_award", "cover_delivered"


def is_captured(cover_id: UUID) -> bool:
    """Whether the premium of this cover was taken, late or not."""
    return PaymentPart.objects.filter(
        reference=cover_id, kind=PartKind.COVER, payment__state=PaymentState.CAPTURED
    ).exists()


@tenancy.widened()
@transaction.atomic
def pass_premium(*, cover_id: UUID, insurer: str, premium: Money, actor: Actor, at: datetime) -> LedgerEntry:
    """The risk begins: the premium is the insurer's. Once per cover.

    :raises NotEnoughMoney: when it isn't held any more
    """
    source = accounts.escrow(cover_id)
    ledger.require(source, premium)
    lines = ledger.move_money(source, accounts.insurer(insurer), premium)
    return ledger.post(reference=cover_id, purpose=PREMIUM, lines=lines, actor=actor, at=at)


@tenancy.widened()
@transaction.atomic
def pay_into_order(
    *, order_id: UUID, claim_id: UUID, insurer: str, amount: Money, actor: Actor, at: datetime
) -> LedgerEntry:
    """What an insurer pays for goods comes into the order's escrow. Once per claim."""
    lines = ledger.move_money(accounts.insurer(insurer), accounts.escrow(order_id), amount)
    return ledger.post(reference=order_id, purpose=f"cover:{claim_id}", lines=lines, actor=actor, at=at)


@tenancy.widened()
@transaction.atomic
def award(*, cover_id: UUID, insurer: str, amount: Money, actor: Actor, at: datetime) -> LedgerEntry:
    """The insurer owes the buyer `amount` beside the goods' price: it waits in the cover's escrow. Once."""
    lines = ledger.move_money(accounts.insurer(insurer), accounts.escrow(cover_id), amount)
    return ledger.post(reference=cover_id, purpose=AWARD, lines=lines, actor=actor, at=at)


@tenancy.widened()
@transaction.atomic
def deliver(*, cover_id: UUID, insurer: str, amount: Money, actor: Actor, at: datetime) -> LedgerEntry:
    """The insurer proved that it transferred the award to the means the buyer paid with. Once.

    :raises NotEnoughMoney: when no award waits
    """
    source = accounts.escrow(cover_id)
    ledger.require(source, amount)
    lines = ledger.move_money(source, accounts.insurer(insurer), amount)
    return ledger.post(reference=cover_id, purpose=DELIVERED, lines=lines, actor=actor, at=at)
