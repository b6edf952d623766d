"""What every simulated provider keeps: trades, refunds, notices to send, and faults to commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum


class TradeIs(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    PAID = "paid"
    CLOSED = "closed"


class RefundIs(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"


class Fault(StrEnum):
    """How the next answer goes wrong. `LOST` and `BROKEN`: after the work was done."""

    LOST = "lost"
    BROKEN = "broken"
    REFUSED_FIRST = "refused first"
    FORGED = "forged"
    GARBAGE = "garbage"


@dataclass(slots=True)
class Trade:
    """One attempt to be paid; `amount` in whole minor units."""

    number: str
    charge_id: str
    amount: int
    currency: str
    expires_at: datetime
    notice_url: str = ""
    return_url: str = ""
    state: TradeIs = TradeIs.WAITING
    paid_at: datetime | None = None
    # Only set aside when the payer agrees, under the provider's name `hold_id` of that.
    holds: bool = False
    hold_id: str = ""


@dataclass(slots=True)
class Refund:
    key: str
    own_id: str
    trade: Trade
    amount: int
    asked_at: datetime
    notice_url: str = ""
    state: RefundIs = RefundIs.PENDING
    ended_at: datetime | None = None


class DisputedIs(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"


@dataclass(slots=True)
class Disputed:
    """A charge that its payer asks back; `evidence` is what the shop said, "" that it doesn't contest."""

    own_id: str
    trade: Trade
    amount: int
    answer_by: datetime
    state: DisputedIs = DisputedIs.OPEN
    evidence: str | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice as it goes over the wire."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Books:
    """Everything in one simulated provider."""

    trades: dict[str, Trade] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    disputes: dict[str, Disputed] = field(default_factory=dict)
    # Faults of the coming answers, one each; empty: all goes well.
    faults: deque[Fault] = field(default_factory=deque)
    # Whether refunds arrive at once or only when `settle` is called.
    refunds_wait: bool = False
    counted: int = 0

    def new_id(self, prefix: str) -> str:
        self.counted += 1
        return f"{prefix}{self.counted:012d}"

    def left(self, trade: Trade) -> int:
        """What of a paid trade can still go back."""
        gone = (one.amount for one in self.refunds.values() if one.trade is trade)
        failed = (
            one.amount for one in self.refunds.values() if one.trade is trade and one.state is RefundIs.FAILED
        )
        return trade.amount - sum(gone) + sum(failed)

    def pay(self, number: str, *, at: datetime) -> Trade:
        """The payer pays, unless the trade is closed or its time is over."""
        trade = self.trades[number]
        if trade.state is TradeIs.WAITING and at < trade.expires_at:
            trade.state = TradeIs.HELD if trade.holds else TradeIs.PAID
            trade.paid_at = None if trade.holds else at
        return trade

    def capture(self, trade: Trade, amount: int, *, at: datetime) -> bool:
        """Take `amount` of what is set aside; the rest is free. False: it isn't set aside, or it is less."""
        if trade.state is not TradeIs.HELD or not 0 < amount <= trade.amount:
            return False
        trade.state, trade.amount, trade.paid_at = TradeIs.PAID, amount, at
        return True

    def release(self, trade: Trade) -> bool:
        """Let it go. False: it was taken before."""
        if trade.state is TradeIs.PAID:
            return False
        trade.state = TradeIs.CLOSED
        return True

    def close(self, trade: Trade) -> bool:
        """False: it was paid, or set aside, before."""
        if trade.state in (TradeIs.PAID, TradeIs.HELD):
            return False
        trade.state = TradeIs.CLOSED
        return True

    def refund(
        self, trade: Trade, key: str, amount: int, *, at: datetime, notice_url: str = ""
    ) -> Refund | None:
        """The refund of this key, made now if it is new; None: it can't be, or differs from before."""
        known = self.refunds.get(key)
        if known is not None:
            return known if (known.trade is trade and known.amount == amount) else None
        if trade.state is not TradeIs.PAID or not 0 < amount <= self.left(trade):
            return None
        made = Refund(key, self.new_id("RF"), trade, amount, at, notice_url or trade.notice_url)
        self.refunds[key] = made
        if not self.refunds_wait:
            self.settle(key, at=at)
        return made

    def settle(self, key: str, *, at: datetime, well: bool = True) -> Refund:
        """The bank's word on a refund that waits."""
        one = self.refunds[key]
        if one.state is RefundIs.PENDING:
            one.state, one.ended_at = (RefundIs.PAID if well else RefundIs.FAILED), at
        return one

    def dispute(
        self, trade: Trade, amount: int, *, answer_by: datetime, at: datetime | None = None
    ) -> Disputed:
        """The payer asks `amount` of a paid trade back."""
        made = Disputed(self.new_id("dp_"), trade, amount, answer_by, opened_at=at)
        self.disputes[made.own_id] = made
        return made

    def answer_dispute(self, own_id: str, evidence: str) -> bool:
        """What the shop says; the same again changes nothing. False: it said something else or it is over."""
        one = self.disputes[own_id]
        if one.state is DisputedIs.OPEN:
            one.evidence = evidence
            one.state = DisputedIs.ANSWERED if evidence else DisputedIs.LOST
        return one.evidence == evidence

    def day(self, day: date, zone: tzinfo = UTC) -> tuple[list[Trade], list[Refund]]:
        """Paid trades and refunds that arrived on this day of the provider's calendar."""

        def on_it(at: datetime | None) -> bool:
            return at is not None and at.astimezone(zone).date() == day

        back = (one for one in self.refunds.values() if one.state is RefundIs.PAID)
        return [one for one in self.trades.values() if on_it(one.paid_at)], [
            one for one in back if on_it(one.ended_at)
        ]

    def next_fault(self) -> Fault | None:
        return self.faults.popleft() if self.faults else None
