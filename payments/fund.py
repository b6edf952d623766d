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


def lent(merchant_id: UUID, amount: Money) -> list[Line]:
    """The fund gives `amount` in a merchant's stead (the platform what it lacks); the merchant owes it."""
    if not amount:
        return []
    from_fund = min(ledger.locked_balance(accounts.FUND, amount.currency), amount)
    return [
        Line(accounts.FUND, -from_fund),
        Line(accounts.FEES, from_fund - amount),
        Line(accounts.debt(merchant_id), -amount),
        Line(accounts.CLAIMS, amount),
    ]


@tenancy.widened()
@transaction.atomic
def advance(
    *, reference: UUID, merchant_id: UUID, amount: Money, purpose: str, actor: Actor, at: datetime
) -> LedgerEntry:
    """Put `amount` into the order's escrow; what the fund lacks the platform pays from its fees.

    Once per (reference, purpose); the merchant of the order owes it from now on.
    """
    return ledger.post(
        reference=reference,
        purpose=f"advance:{purpose}",
        lines=[*lent(merchant_id, amount), Line(accounts.escrow(reference), amount)],
        actor=actor,
        at=at,
    )


@tenancy.widened()
@transaction.atomic
def recover(*, merchant_id: UUID, currency: str, cause: str, actor: Actor, at: datetime) -> Money:
    """Take what the merchant owes from what it has available, after a sale was settled; gives how much.

    Only ever from the merchant's own balance: no buyer's escrow pays another's debt. Once per `cause`.
    """
    owed = -ledger.locked_balance(accounts.debt(merchant_id), currency)
    if not owed:
        return owed
    taken = min(owed, ledger.locked_balance(accounts.available(merchant_id), currency))
    if taken.minor <= 0:
        return Money.zero(currency)
    ledger.post(
        reference=merchant_id,
        purpose=f"recovery:{cause}",
        lines=[
            Line(accounts.available(merchant_id), -taken),
            Line(accounts.FUND, taken),
            Line(accounts.debt(merchant_id), taken),
            Line(accounts.CLAIMS, -taken),
        ],
        actor=actor,
        at=at,
    )
    return taken


def debt(merchant_id: UUID, currency: str = "CNY") -> Money:
    """What the merchant owes the fund now, as a sum above zero."""
    return -ledger.balance(accounts.debt(merchant_id), currency)


def balance(currency: str = "CNY") -> Money:
    """What the fund holds now."""
    return ledger.balance(accounts.FUND, currency)
