"""What a shop's pages show of its deposit; nothing is changed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money
from payments import accounts, ledger
from payments.deposits import calling
from payments.models import Deposit
from web import tenancy


@dataclass(frozen=True, slots=True)
class DepositShown:
    """`missing` until `due_at`; `overdue`: no new goods go on sale. `leaving_at`: the shop has closed."""

    held: Money
    required: Money
    available: Money
    due_at: datetime | None
    overdue: bool
    leaving_at: datetime | None

    @property
    def missing(self) -> Money:
        return max(self.required - self.held, Money.zero(self.held.currency))

    @property
    def from_balance(self) -> Money:
        """What of it the shop could pay from its balance now."""
        return max(min(self.missing, self.available), Money.zero(self.held.currency))


@tenancy.widened()
def of_shop(merchant_id: UUID) -> list[DepositShown]:
    """One per currency; also what lies there of a shop that agreed to none."""
    names = accounts.deposit(merchant_id), accounts.available(merchant_id)
    found = ledger.balances(names)
    rows = {one.currency: one for one in Deposit.objects.filter(merchant_id=merchant_id)}
    held = {currency for name, currency in found if name == names[0] and found[name, currency]}
    return [
        _shown(
            rows.get(currency),
            *(found.get((name, currency), Money.zero(currency)) for name in names),
        )
        for currency in sorted(held | {one.currency for one in rows.values() if not one.given_back_at})
    ]


def _shown(deposit: Deposit | None, held: Money, available: Money) -> DepositShown:
    call = calling.open_call(deposit) if deposit else None
    return DepositShown(
        held=held,
        required=deposit.required if deposit else Money.zero(held.currency),
        available=available,
        due_at=call.due_at if call else None,
        overdue=call is not None and call.overdue_at is not None,
        leaving_at=deposit.leaving_at if deposit else None,
    )


def due(merchant_id: UUID) -> DepositShown | None:
    """The deposit that is called for just now, with its date; None: nothing is missing."""
    return next((one for one in of_shop(merchant_id) if one.due_at is not None), None)
