"""What providers keep: read from each one's statement with one sign, booked once, borne by the platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.money import Money
from payments import accounts, ledger, reconciliation, statements
from payments.gateways.protocol import StatementLine
from payments.invariants import all_offences, settle_constraints
from payments.models import Dispute, LedgerEntry
from payments.sandbox import bank, straight
from tests.builders.money import OPENED, a_captured_payment, a_dispute
from tests.builders.providers import Practice, intent, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def read(*lines: StatementLine, day: datetime = OPENED) -> None:
    held = statements.ask(provider="sandbox", day=day.date(), at=day)
    for _ in range(2):
        statements.take_in(statement_id=held.pk, came=b"a day", lines=list(lines), at=day)


@pytest.mark.django_db
class TestBooking:
    def test_once_per_statement_and_currency(self) -> None:
        read(
            StatementLine("charge", "ch_1", Money(10_000), 60),
            StatementLine("refund", "rf_1", Money(-1_000), -6),
            StatementLine("charge", "ch_2", Money(5_000, "HKD"), 40),
            StatementLine("charge", "ch_3", Money(5_000, "EUR")),
        )
        assert LedgerEntry.objects.filter(purpose="fees").count() == 1
        assert ledger.balance(accounts.CHARGES) == Money(-54)
        assert ledger.balance(accounts.CHARGES, "HKD") == Money(-40, "HKD")
        assert ledger.balance(accounts.provider("sandbox")) == Money(54)
        settle_constraints()
        assert all_offences() == []

    def test_not_at_all_where_nothing_was_kept(self) -> None:
        read(StatementLine("charge", "ch_1", Money(10_000)))
        assert not LedgerEntry.objects.filter(purpose="fees").exists()

    def test_of_a_dispute_is_the_platform_s_even_when_it_is_lost(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        name = held.provider_dispute_id
        read(StatementLine("dispute", name, Money(-10_000), 1_500))
        bank.decide(bank.SandboxDispute.objects.get().pk, won=False, at=OPENED + timedelta(hours=1))
        straight.run(at=OPENED + timedelta(hours=1))
        assert Dispute.objects.get().state == "lost"
        assert ledger.balance(accounts.CHARGES) == Money(-1_500)
        assert not ledger.balance(accounts.available(held.shares.get().merchant_id))
        settle_constraints()
        assert all_offences() == []


@pytest.mark.django_db
class TestComparing:
    def test_a_dispute_s_lines_agree_and_a_strange_one_doesn_t(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        name = held.provider_dispute_id
        read(
            StatementLine("dispute", name, Money(-10_000)),
            StatementLine("dispute", f"{name}:back", Money(10_000)),
            StatementLine("dispute", "dp_strange", Money(-1)),
        )
        found = reconciliation.compare(provider="sandbox", day=OPENED.date(), at=OPENED)
        told = {(one.what, one.key) for one in found if one.kind == "dispute"}
        # Put back there, and not won here yet.
        assert told == {("other_state", f"{name}:back"), ("missing_here", "dp_strange")}


class TestReading:
    def on(self, name: str, settings: Any, tmp_path: Any) -> Practice:
        on = practice(name, settings, tmp_path)
        on.trade(intent(AT), AT)
        on.simulator.books.pay("PVV8J8S9R3G", at=AT)
        return on

    def lines(self, on: Practice) -> list[StatementLine]:
        requests = (
            on.gateway.statement_request(AT.date(), at=AT),
            *on.gateway.further_statements(AT.date(), at=AT),
        )
        found: list[StatementLine] = []
        for request in requests:
            found += statements.fetch(request, on.gateway, post=lambda one: on.call(one, AT), at=AT)[1]
        return found

    @pytest.mark.parametrize(("name", "fee"), [("alipay", 74), ("wechatpay", 10), ("stripe", 0)])
    def test_what_was_kept_is_above_zero(self, name: str, fee: int, settings: Any, tmp_path: Any) -> None:
        assert [one.fee_minor for one in self.lines(self.on(name, settings, tmp_path))] == [fee]

    def test_wechat_pay_s_bill_of_the_account_has_the_payouts(self, settings: Any, tmp_path: Any) -> None:
        on = self.on("wechatpay", settings, tmp_path)
        on.simulator.payouts.order("0" * 31 + "1", 4_829, "CNY", to="o", name="n", own_id="133", at=AT)
        told = [(one.kind, one.key, one.amount) for one in self.lines(on) if one.kind == "payout"]
        assert told == [("payout", "0" * 31 + "1", Money(-4_829))]

    def test_stripe_s_dispute_has_a_line_and_a_fee(self, settings: Any, tmp_path: Any) -> None:
        on = self.on("stripe", settings, tmp_path)
        trade = on.simulator.books.trades["PVV8J8S9R3G"]
        one = on.simulator.books.dispute(trade, 12_345, answer_by=AT + timedelta(days=7), at=AT)
        found = next(line for line in self.lines(on) if line.kind == "dispute")
        assert (found.key, found.amount, found.fee_minor) == (one.own_id, Money(-12_345), 1_500)
