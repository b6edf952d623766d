"""Tax that a price holds and the platform withholds: set apart at settlement, less when money goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, fund, ledger
from payments.ledger import Line
from payments.models import Posting
from web import tenancy


@dataclass(frozen=True, slots=True)
class Duty:
    """`amount` of one order for the authority of `country` (two letters, small)."""

    country: str
    amount: Money

    @property
    def line(self) -> Line:
        return Line(accounts.tax(self.country), self.amount)


def withheld(duty: Duty, reference: UUID) -> Money:
    """What is set apart of this order now."""
    rows = Posting.objects.filter(
        account=accounts.tax(duty.country), entry__reference=reference, currency=duty.amount.currency
    )
    return Money(int(rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0), duty.amount.currency)


@tenancy.widened()
@transaction.atomic
def give_back(duty: Duty, *, merchant_id: UUID, reference: UUID, actor: Actor, at: datetime) -> Money:
    """Leave only `duty` set apart: the rest is the shop's, from whom the refund came. Gives how much."""
    source = accounts.tax(duty.country)
    ledger.locked_balance(source, duty.amount.currency)
    back = withheld(duty, reference) - duty.amount
    if back.minor <= 0:
        return Money.zero(duty.amount.currency)
    made = ledger.post(
        reference=reference,
        purpose=f"duty_back:{duty.amount.minor}",
        lines=ledger.move_money(source, accounts.available(merchant_id), back),
        actor=actor,
        at=at,
    )
    fund.recover(merchant_id=merchant_id, currency=back.currency, cause=str(made.pk), actor=actor, at=at)
    return back
