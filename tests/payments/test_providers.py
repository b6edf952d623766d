"""Every provider keeps the same contract: real signatures both ways, and no answer that proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.money import Money
from payments import statements
from payments.gateways.protocol import (
    ForgedNotice,
    NoticeKind,
    Outcome,
    RefundOrder,
    Request,
    StatementLine,
    TradeState,
    TurnedDown,
    Unclear,
)
from payments.simulators.books import Fault, Sent
from tests.builders.providers import NAMES, Practice, intent, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = "refund-" + "0" * 32


@pytest.fixture(params=NAMES)
def at_practice(request: Any, settings: Any, tmp_path: Any) -> Practice:
    return practice(request.param, settings, tmp_path)


def order_of(charge: str, minor: int = 2_345, key: str = KEY) -> RefundOrder:
    return RefundOrder(key, charge, Money(minor), Money(12_345), "https://anxin.example/webhooks/payments/x")


def asked(on: Practice, trade: Any) -> Any:
    return on.gateway.read_asked(on.call(on.gateway.ask(trade, at=AT), AT), at=AT)


def paid(on: Practice, **changes: Any) -> tuple[Any, str]:
    """A paid attempt, and the provider's name of the charge."""
    made = intent(AT, **changes)
    trade = on.trade(made, AT)
    return trade, on.simulator.books.pay(made.number, at=AT).charge_id


def refunded(on: Practice, order: RefundOrder) -> Outcome:
    return on.gateway.read_refund_answer(on.call(on.gateway.refund_request(order, at=AT), AT), at=AT)


def read(on: Practice, sent: Sent, at: datetime = AT) -> Any:
    return on.gateway.read_notice({k.lower(): v for k, v in sent.headers.items()}, sent.body, at=at)


class TestPaying:
    def test_from_the_handover_to_the_charge(self, at_practice: Practice) -> None:
        trade = at_practice.trade(intent(AT), AT)
        assert asked(at_practice, trade).state is TradeState.WAITING
        charge = at_practice.simulator.books.pay("PVV8J8S9R3G", at=AT).charge_id
        seen = asked(at_practice, trade)
        assert (seen.state, seen.charge_id, seen.amount) == (TradeState.PAID, charge, Money(12_345))

    def test_on_a_phone_too(self, at_practice: Practice) -> None:
        handover = at_practice.hand_over(intent(AT, on_phone=True), AT)
        begins = "weixin://" if at_practice.gateway.name == "wechatpay" else "http://127.0.0.1:9/"
        assert (handover.url or handover.code).startswith(begins)

    def test_the_same_intent_again_is_the_same_attempt(self, at_practice: Practice) -> None:
        at_practice.trade(intent(AT), AT)
        at_practice.trade(intent(AT), AT)
        assert len(at_practice.simulator.books.trades) == 1

    def test_what_is_closed_can_t_be_paid(self, at_practice: Practice) -> None:
        trade = at_practice.trade(intent(AT), AT)
        answer = at_practice.call(at_practice.gateway.close(trade, at=AT), AT)
        at_practice.gateway.read_closed(answer, at=AT)
        at_practice.simulator.books.pay("PVV8J8S9R3G", at=AT)
        assert asked(at_practice, trade).state is TradeState.CLOSED

    def test_what_is_paid_can_t_be_closed(self, at_practice: Practice) -> None:
        trade, _charge = paid(at_practice)
        answer = at_practice.call(at_practice.gateway.close(trade, at=AT), AT)
        with pytest.raises(TurnedDown):
            at_practice.gateway.read_closed(answer, at=AT)
        assert asked(at_practice, trade).state is TradeState.PAID


class TestNotices:
    def test_tell_what_was_paid(self, at_practice: Practice) -> None:
        _trade, charge = paid(at_practice)
        notice = read(at_practice, self._notice(at_practice))
        assert (notice.kind, notice.trade_number, notice.charge_id, notice.amount_minor, notice.currency) == (
            NoticeKind.CAPTURED, "PVV8J8S9R3G", charge, 12_345, "CNY",
        )  # fmt: skip
        assert notice.event_id

    def test_keep_nothing_of_the_payer(self, at_practice: Practice) -> None:
        paid(at_practice)
        kept = str(read(at_practice, self._notice(at_practice)).body)
        assert "zhi***" not in kept and "openid" not in kept and "sign" not in kept

    def test_by_a_stranger_is_forged(self, at_practice: Practice) -> None:
        paid(at_practice)
        with pytest.raises(ForgedNotice):
            read(at_practice, self._notice(at_practice, by_stranger=True))

    @pytest.mark.parametrize(
        "change", [lambda b: b + b" ", lambda b: b.replace(b"1", b"2", 1), lambda b: b[:-9], lambda b: b""]
    )
    def test_altered_is_forged(self, at_practice: Practice, change: Callable[[bytes], bytes]) -> None:
        paid(at_practice)
        sent = self._notice(at_practice)
        with pytest.raises(ForgedNotice):
            read(at_practice, replace(sent, body=change(sent.body)))

    def test_without_headers_or_keys_is_forged(self, at_practice: Practice, settings: Any) -> None:
        paid(at_practice)
        sent = self._notice(at_practice)
        if at_practice.gateway.name != "alipay":
            with pytest.raises(ForgedNotice):
                read(at_practice, replace(sent, headers={}))
        settings.PROVIDERS = {}
        with pytest.raises(ForgedNotice):
            read(at_practice, sent)

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_stale_or_from_the_future_is_forged(self, at_practice: Practice, minutes: int) -> None:
        paid(at_practice)
        sent, then = self._notice(at_practice), AT + timedelta(minutes=minutes)
        if at_practice.gateway.name == "alipay":
            # It repeats a notice for 24 hours under its first signature; its event is taken in once.
            assert read(at_practice, sent, at=then).event_id
            return
        with pytest.raises(ForgedNotice):
            read(at_practice, sent, at=then)

    def test_of_a_refund(self, at_practice: Practice) -> None:
        at_practice.simulator.books.refunds_wait = True
        _trade, charge = paid(at_practice)
        assert refunded(at_practice, order_of(charge)) is Outcome.ACCEPTED
        made = at_practice.simulator.books.settle(KEY, at=AT)
        notice = read(at_practice, at_practice.simulator.notice_of_refund(made, at=AT))
        assert (notice.kind, notice.refund_key, notice.amount_minor) == (NoticeKind.REFUND_PAID, KEY, 2_345)

    def _notice(self, on: Practice, **how: Any) -> Sent:
        sent: Sent = on.simulator.notice_of(on.simulator.books.trades["PVV8J8S9R3G"], at=AT, **how)
        return sent


class TestRefunds:
    def test_in_parts_up_to_the_whole_and_not_beyond(self, at_practice: Practice) -> None:
        _trade, charge = paid(at_practice)
        assert refunded(at_practice, order_of(charge, 2_345)) is Outcome.PAID
        assert refunded(at_practice, order_of(charge, 10_000, "refund-" + "1" * 32)) is Outcome.PAID
        assert refunded(at_practice, order_of(charge, 1, "refund-" + "2" * 32)) is Outcome.REFUSED
        assert at_practice.simulator.books.left(at_practice.simulator.books.trades["PVV8J8S9R3G"]) == 0

    def test_the_same_key_pays_once(self, at_practice: Practice) -> None:
        _trade, charge = paid(at_practice)
        for _ in range(3):
            assert refunded(at_practice, order_of(charge)) is Outcome.PAID
        assert len(at_practice.simulator.books.refunds) == 1

    def test_the_same_key_with_another_sum_is_turned_down(self, at_practice: Practice) -> None:
        _trade, charge = paid(at_practice)
        refunded(at_practice, order_of(charge))
        assert refunded(at_practice, order_of(charge, 2_346)) is Outcome.REFUSED

    @pytest.mark.parametrize(("well", "outcome"), [(True, Outcome.PAID), (False, Outcome.REFUSED)])
    def test_one_on_its_way_is_asked_after(self, at_practice: Practice, well: bool, outcome: Outcome) -> None:
        at_practice.simulator.books.refunds_wait = True
        _trade, charge = paid(at_practice)
        order = order_of(charge)
        assert refunded(at_practice, order) is Outcome.ACCEPTED

        def now() -> Outcome:
            answer = at_practice.call(at_practice.gateway.ask_refund(order, at=AT), AT)
            found: Outcome = at_practice.gateway.read_asked_refund(answer, order, at=AT)
            return found

        assert now() is Outcome.ACCEPTED
        at_practice.simulator.books.settle(KEY, at=AT, well=well)
        assert now() is outcome


class TestFaults:
    @pytest.mark.parametrize("fault", list(Fault))
    def test_no_answer_that_proves_nothing_ends_a_refund(self, at_practice: Practice, fault: Fault) -> None:
        _trade, charge = paid(at_practice)
        at_practice.simulator.books.faults.append(fault)
        assert refunded(at_practice, order_of(charge)) is Outcome.AGAIN
        assert refunded(at_practice, order_of(charge)) is Outcome.PAID
        assert len(at_practice.simulator.books.refunds) == 1

    @pytest.mark.parametrize("fault", list(Fault))
    def test_none_ends_a_question(self, at_practice: Practice, fault: Fault) -> None:
        trade, _charge = paid(at_practice)
        at_practice.simulator.books.faults.append(fault)
        with pytest.raises(Unclear):
            asked(at_practice, trade)

    def test_a_call_that_isn_t_ours_is_turned_down_there(self, at_practice: Practice) -> None:
        trade = at_practice.trade(intent(AT), AT)
        request: Request = at_practice.gateway.ask(trade, at=AT)
        spoilt = replace(
            request,
            body=request.body.replace(b"2021", b"2022"),
            headers={name: value[:-3] + "AAA" for name, value in request.headers.items()},
        )
        with pytest.raises((TurnedDown, Unclear)):
            at_practice.gateway.read_asked(at_practice.call(spoilt, AT), at=AT)


class TestStatements:
    def test_hold_the_day_s_charges_and_refunds(self, at_practice: Practice) -> None:
        _trade, charge = paid(at_practice)
        refunded(at_practice, order_of(charge))
        lines = {(line.kind, line.key, line.amount) for line in day(at_practice, AT)}
        assert lines == {("charge", charge, Money(12_345)), ("refund", KEY, Money(-2_345))}
        assert not day(at_practice, AT + timedelta(days=1))

    def test_of_many_pages(self, settings: Any, tmp_path: Any) -> None:
        stripe = practice("stripe", settings, tmp_path)
        stripe.simulator.page = 2
        charges = {paid(stripe, number=f"PVV8J8S9R{n}G")[1] for n in range(5)}
        assert {line.key for line in day(stripe, AT)} == charges

    def test_end_at_the_provider_s_own_midnight(self, at_practice: Practice) -> None:
        """23:30 in Beijing and half an hour later are two days there, and one in UTC."""
        late = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
        for number, then in (("PVV8J8S9R1G", late), ("PVV8J8S9R2G", late + timedelta(minutes=30))):
            at_practice.trade(intent(then, number=number), then)
            at_practice.simulator.books.pay(number, at=then)
        there = [len(day(at_practice, datetime(2026, 11, n, 12, tzinfo=UTC))) for n in (23, 24)]
        assert there == ([2, 0] if at_practice.gateway.zone == "UTC" else [1, 1])

    @pytest.mark.parametrize("spoil", ["body", "digest", "kind"])
    def test_of_wechat_pay_fit_their_digest(self, settings: Any, tmp_path: Any, spoil: str) -> None:
        on = practice("wechatpay", settings, tmp_path)
        paid(on)
        first = on.gateway.statement_request(AT.date(), at=AT)

        def post(request: Request) -> Any:
            answer = on.call(request, AT)
            if spoil == "body" and request.path.startswith("/v3/billdownload/"):
                return replace(answer, body=answer.body + b"\n")
            return answer

        if spoil != "body":
            named = {"digest": {"hash_value": ""}, "kind": {"hash_type": "MD5"}}[spoil]
            on.simulator.bill_says = named
        with pytest.raises(Unclear, match="digest"):
            statements.fetch(first, on.gateway, post=post, at=AT)

    def test_at_another_address_are_left_alone(self, settings: Any, tmp_path: Any) -> None:
        for name in ("alipay", "wechatpay"):
            on = practice(name, settings, tmp_path)
            setattr(on.simulator, "bills_url" if name == "alipay" else "url", "http://127.0.0.1:10")
            with pytest.raises(Unclear):
                day(on, AT)


def day(on: Practice, at: datetime) -> list[StatementLine]:
    first = on.gateway.statement_request(at.date(), at=at)
    return statements.fetch(first, on.gateway, post=lambda request: on.call(request, at), at=at)[1]
