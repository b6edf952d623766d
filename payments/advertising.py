"""What a shop pays us for a place in a list: from what it may dispose of, or not at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger

PAID, BACK = "placement", "placement:back"


@transaction.atomic
def charge(*, merchant_id: UUID, reference: UUID, amount: Money, actor: Actor, at: datetime) -> None:
    """Move the price from the shop's balance to our fees.

    :raises NotEnoughMoney: naming what is left
    """
    source = accounts.available(merchant_id)
    ledger.require(source, amount)
    lines = ledger.move_money(source, accounts.FEES, amount)
    ledger.post(reference=reference, purpose=PAID, lines=lines, actor=actor, at=at)


@transaction.atomic
def give_back(*, merchant_id: UUID, reference: UUID, amount: Money, actor: Actor, at: datetime) -> None:
    """The price of days that never came; once for each booking."""
    lines = ledger.move_money(accounts.FEES, accounts.available(merchant_id), amount)
    ledger.post(reference=reference, purpose=BACK, lines=lines, actor=actor, at=at)
