"""Who reserves first keeps one contract, too: set aside, then taken (all or in part) or let go, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.money import Money
from payments.gateways import registry
from payments.gateways.authorising import Authorised, AuthorisedIs, AuthorisedTold
from payments.gateways.protocol import ForgedNotice, NoticeKind, Sight, Trade, TradeState, TurnedDown, Unclear
from payments.simulators.books import Fault, Sent
from tests.builders.providers import Practice, intent, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "PVV8J8S9R3G"
WHOLE, PART = Money(12_345), Money(2_345)


@pytest.fixture(params=["alipay", "stripe"])
def at_practice(request: Any, settings: Any, tmp_path: Any) -> Practice:
    made = practice(request.param, settings, tmp_path)
    return replace(made, gateway=registry.AUTHORISERS[request.param])


def begun(on: Practice) -> Trade:
    answer = on.call(on.gateway.begin(intent(AT), at=AT), AT)
    return Trade(NUMBER, on.gateway.read_begin(answer, at=AT).reference)


def asked(on: Practice, trade: Trade) -> Sight:
    found: Sight = on.gateway.read_asked(on.call(on.gateway.ask(trade, at=AT), AT), at=AT)
    return found


def held(on: Practice, take: Money = WHOLE) -> Authorised:
    """The payer has agreed; `take` of it is wanted."""
    trade = begun(on)
    on.simulator.books.pay(NUMBER, at=AT)
    name = asked(on, trade).authorisation_id
    return Authorised(f"key-{take.minor}", NUMBER, name, take, WHOLE, "安心订单", "https://anxin.example/x")


def captured(on: Practice, one: Authorised) -> AuthorisedTold:
    answer = on.call(on.gateway.capture(one, at=AT), AT)
    found: AuthorisedTold = on.gateway.read_captured(answer, one, at=AT)
    return found


def released(on: Practice, one: Authorised) -> AuthorisedTold:
    answer = on.call(on.gateway.release(one, at=AT), AT)
    found: AuthorisedTold = on.gateway.read_released(answer, one, at=AT)
    return found


def now(on: Practice, one: Authorised) -> AuthorisedTold:
    found: AuthorisedTold = on.gateway.read_now(on.call(on.gateway.ask_now(one, at=AT), AT), one, at=AT)
    return found


def told(on: Practice, **how: Any) -> Any:
    sent: Sent = on.simulator.notice_of(on.simulator.books.trades[NUMBER], at=AT, **how)
    gateway = registry.GATEWAYS[on.gateway.name]
    return gateway.read_notice({k.lower(): v for k, v in sent.headers.items()}, sent.body, at=AT)


class TestReserving:
    def test_takes_nothing_when_the_payer_agrees(self, at_practice: Practice) -> None:
        trade = begun(at_practice)
        assert asked(at_practice, trade).state is TradeState.WAITING
        at_practice.simulator.books.pay(NUMBER, at=AT)
        seen = asked(at_practice, trade)
        assert (seen.state, seen.amount, seen.charge_id) == (TradeState.AUTHORISED, WHOLE, "")
        assert seen.authorisation_id
        assert at_practice.simulator.books.day(AT.date()) == ([], [])

    def test_is_told_by_a_signed_notice_that_keeps_nothing_of_the_payer(self, at_practice: Practice) -> None:
        one = held(at_practice)
        notice = told(at_practice)
        assert (notice.kind, notice.trade_number, notice.authorisation_id, notice.amount_minor) == (
            NoticeKind.AUTHORISED, NUMBER, one.reference, 12_345,
        )  # fmt: skip
        assert notice.event_id and "zhi***" not in str(notice.body)

    def test_by_a_stranger_is_forged(self, at_practice: Practice) -> None:
        held(at_practice)
        with pytest.raises(ForgedNotice):
            told(at_practice, by_stranger=True)

    def test_what_is_closed_before_can_t_be_agreed_to(self, at_practice: Practice) -> None:
        trade = begun(at_practice)
        answer = at_practice.call(at_practice.gateway.close(trade, at=AT), AT)
        at_practice.gateway.read_closed(answer, at=AT)
        at_practice.simulator.books.pay(NUMBER, at=AT)
        assert asked(at_practice, trade).state is TradeState.CLOSED

    def test_what_is_reserved_can_t_be_closed(self, at_practice: Practice) -> None:
        trade = begun(at_practice)
        at_practice.simulator.books.pay(NUMBER, at=AT)
        with pytest.raises(TurnedDown):
            at_practice.gateway.read_closed(
                at_practice.call(at_practice.gateway.close(trade, at=AT), AT), at=AT
            )
        assert asked(at_practice, trade).state is TradeState.AUTHORISED


class TestTaking:
    @pytest.mark.parametrize("sum_", [WHOLE, PART], ids=["whole", "part"])
    def test_the_whole_or_a_part_once(self, at_practice: Practice, sum_: Money) -> None:
        one = held(at_practice, sum_)
        assert now(at_practice, one).state is AuthorisedIs.HELD
        first = captured(at_practice, one)
        assert (first.state, first.amount) == (AuthorisedIs.CAPTURED, sum_)
        again = captured(at_practice, one)
        assert again in (first, AuthorisedTold(AuthorisedIs.AGAIN, reason="ACQ.TRADE_HAS_SUCCESS"))
        assert now(at_practice, one) == first
        ((trade,), back) = at_practice.simulator.books.day(AT.date())
        assert (trade.charge_id, trade.amount, back) == (first.charge_id, sum_.minor, [])

    def test_never_more_than_is_reserved(self, at_practice: Practice) -> None:
        one = held(at_practice, Money(12_346))
        with pytest.raises(TurnedDown):
            captured(at_practice, one)
        assert now(at_practice, one).state is AuthorisedIs.HELD

    def test_is_told_by_the_notice_of_any_charge(self, at_practice: Practice) -> None:
        charge = captured(at_practice, held(at_practice, PART)).charge_id
        notice = told(at_practice)
        assert (notice.kind, notice.trade_number, notice.charge_id, notice.amount_minor) == (
            NoticeKind.CAPTURED, NUMBER, charge, 2_345,
        )  # fmt: skip

    @pytest.mark.parametrize("fault", list(Fault))
    def test_no_answer_that_proves_nothing_ends_it(self, at_practice: Practice, fault: Fault) -> None:
        one = held(at_practice)
        at_practice.simulator.books.faults.append(fault)
        with pytest.raises(Unclear):
            captured(at_practice, one)
        # The call is repeated with its key; where the work was done, the question finds it.
        if captured(at_practice, one).state is not AuthorisedIs.CAPTURED:
            assert now(at_practice, one).state is AuthorisedIs.CAPTURED
        assert len(at_practice.simulator.books.day(AT.date())[0]) == 1


class TestLettingGo:
    def test_takes_nothing_and_needs_no_refund(self, at_practice: Practice) -> None:
        one = held(at_practice)
        assert released(at_practice, one).state is AuthorisedIs.RELEASED
        assert released(at_practice, one).state is AuthorisedIs.RELEASED
        assert at_practice.simulator.books.day(AT.date()) == ([], [])
        with pytest.raises(TurnedDown):
            captured(at_practice, replace(one, key="later"))

    def test_is_told_by_a_notice(self, at_practice: Practice) -> None:
        one = held(at_practice)
        released(at_practice, one)
        notice = told(at_practice)
        assert (notice.kind, notice.authorisation_id) == (NoticeKind.RELEASED, one.reference)

    def test_what_was_taken_is_not_let_go(self, at_practice: Practice) -> None:
        one = held(at_practice)
        captured(at_practice, one)
        with pytest.raises(TurnedDown):
            released(at_practice, replace(one, key="release"))
        assert now(at_practice, one).state is AuthorisedIs.CAPTURED


def test_wechat_pay_has_no_way_to_reserve_and_says_so() -> None:
    assert set(registry.AUTHORISERS) == {"alipay", "stripe", "sandbox"}
