"""What every simulated provider keeps of the payouts that it was ordered to make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum


class PayoutIs(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


@dataclass(slots=True)
class PaidTo:
    """One payout; `to` and `name` as the shop sent them, for tests to compare."""

    key: str
    own_id: str
    amount: int
    currency: str
    to: str
    name: str
    asked_at: datetime
    state: PayoutIs = PayoutIs.PENDING
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(slots=True)
class PayoutBooks:
    """`wait`: payouts arrive only when `settle` is called; `broke`: the shop's own balance here is empty."""

    made: dict[str, PaidTo] = field(default_factory=dict)
    wait: bool = False
    broke: bool = False

    def order(
        self, key: str, amount: int, currency: str, *, to: str, name: str, own_id: str, at: datetime
    ) -> PaidTo | None:
        """The payout of this key, made now if it is new; None: it differs from before, or is of nothing."""
        known = self.made.get(key)
        if known is not None:
            same = (known.amount, known.currency, known.to) == (amount, currency, to)
            return known if same else None
        if amount <= 0:
            return None
        self.made[key] = made = PaidTo(key, own_id, amount, currency, to, name, at)
        if not self.wait:
            self.settle(key, at=at)
        return made

    def settle(self, key: str, *, at: datetime, well: bool = True, reason: str = "") -> PaidTo:
        """The bank's word; a bank may also send back what it had taken in."""
        one = self.made[key]
        if one.state is PayoutIs.PENDING or not well:
            one.state, one.ended_at = (PayoutIs.PAID if well else PayoutIs.FAILED), at
            one.reason = "" if well else reason or "ACCOUNT_CLOSED"
        return one

    def day(self, day: date, zone: tzinfo = UTC) -> list[PaidTo]:
        """Those that arrived on this day of the provider's calendar."""
        paid = (one for one in self.made.values() if one.state is PayoutIs.PAID)
        return [one for one in paid if one.ended_at and one.ended_at.astimezone(zone).date() == day]
