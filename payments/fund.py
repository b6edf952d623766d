"""The protection fund: it pays the buyer first when the merchant's balance is too small."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.ledger import Line
from payments.models import LedgerEntry
from web import tenancy


@tenancy.widened()
@transaction.atomic
def advance(*, reference: UUID, amount: Money, purpose: str, actor: Actor, at: datetime) -> LedgerEntry:
    """Put `amount` into the order's escrow; what the fund lacks the platform pays from its fees.

    Once per (reference, purpose); the entry is what the merchant of the order owes the fund.
    """
    held = ledger.locked_balance(accounts.FUND, amount.currency)
    from_fund = min(held, amount)
    return ledger.post(
        reference=reference,
        purpose=f"advance:{purpose}",
        lines=[
            Line(accounts.FUND, -from_fund),
            Line(accounts.FEES, from_fund - amount),
            Line(accounts.escrow(reference), amount),
        ],
        actor=actor,
        at=at,
    )


def balance(currency: str = "CNY") -> Money:
    """What the fund holds now."""
    return ledger.balance(accounts.FUND, currency)
