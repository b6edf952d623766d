"""Paying shops at every real provider: signed both ways, once per key, and no answer that proves nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.money import Money
from merchants.payout_channels import PayoutChannel
from payments import statements
from payments.gateways import registry
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold, payout_id, payout_key
from payments.gateways.protocol import ForgedNotice, NoticeKind
from payments.simulators.books import Fault
from tests.builders.providers import NAMES, Practice, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = "0" * 31 + "1"
TO = {
    "alipay": (PayoutChannel.BANK, "6222020200112230004"),
    "wechatpay": (PayoutChannel.WECHATPAY, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
    "stripe": (PayoutChannel.STRIPE, "acct_1Nv0FGQ9RKHgCVdK"),
}


@pytest.fixture(params=NAMES)
def on(request: Any, settings: Any, tmp_path: Any) -> Practice:
    return practice(request.param, settings, tmp_path)


def order_of(on: Practice, minor: int = 482_900, key: str = KEY, **changes: Any) -> PayoutOrder:
    channel, number = TO[on.gateway.name]
    facts = {
        "bank": "示例银行",
        "number": number,
        "holder": "清川茶业有限公司",
        "notice_url": "https://a.example/x",
    }
    return PayoutOrder(key=key, amount=Money(minor), channel=channel, **(facts | changes))


def ordered(on: Practice, order: PayoutOrder) -> PayoutTold:
    master = registry.paymaster(on.gateway.name)
    return master.read_order(on.call(master.order(order, at=AT), AT), at=AT)


def asked(on: Practice, order: PayoutOrder) -> PayoutTold:
    master = registry.paymaster(on.gateway.name)
    return master.read_asked(on.call(master.ask(order, at=AT), AT), order, at=AT)


def read(on: Practice, sent: Any) -> Any:
    return on.gateway.read_notice({k.lower(): v for k, v in sent.headers.items()}, sent.body, at=AT)


def test_the_shop_has_it_under_its_own_name(on: Practice) -> None:
    assert ordered(on, order_of(on)).state is PaidOut.PAID
    made = on.simulator.payouts.made[KEY]
    assert (made.amount, made.currency, made.to) == (482_900, "CNY", TO[on.gateway.name][1])
    # A connected account of Stripe's is its holder's by itself.
    assert made.name == ("" if on.gateway.name == "stripe" else "清川茶业有限公司")
    assert asked(on, order_of(on)).state is PaidOut.PAID


def test_the_same_key_pays_once(on: Practice) -> None:
    for _ in range(3):
        assert ordered(on, order_of(on)).state is PaidOut.PAID
    assert len(on.simulator.payouts.made) == 1


@pytest.mark.parametrize("change", ["amount", "account"])
def test_the_same_key_for_something_else_is_turned_down(on: Practice, change: str) -> None:
    ordered(on, order_of(on))
    other = {"wechatpay": "o" + "1" * 27, "stripe": "acct_" + "1" * 16}.get(
        on.gateway.name, "6222020200112230012"
    )
    again = order_of(on, 482_901) if change == "amount" else order_of(on, number=other)
    assert ordered(on, again).state is PaidOut.FAILED
    assert on.simulator.payouts.made[KEY].amount == 482_900


def test_one_on_its_way_is_asked_after(on: Practice) -> None:
    on.simulator.payouts.wait = True
    # Stripe makes a transfer at once or not at all.
    first = PaidOut.PAID if on.gateway.name == "stripe" else PaidOut.ACCEPTED
    assert (ordered(on, order_of(on)).state, asked(on, order_of(on)).state) == (first, first)
    on.simulator.payouts.settle(KEY, at=AT)
    assert asked(on, order_of(on)).state is PaidOut.PAID


def test_one_that_came_back_says_why(on: Practice) -> None:
    ordered(on, order_of(on))
    on.simulator.payouts.settle(KEY, at=AT, well=False, reason="PAYEE_CARD_INFO_ERROR")
    told = asked(on, order_of(on))
    said = "reversed" if on.gateway.name == "stripe" else "PAYEE_CARD_INFO_ERROR"
    assert (told.state, told.reason) == (PaidOut.FAILED, said)


def test_one_that_was_never_ordered_is_unknown(on: Practice) -> None:
    assert asked(on, order_of(on)).state is PaidOut.UNKNOWN


def test_our_own_empty_balance_ends_nothing(on: Practice) -> None:
    on.simulator.payouts.broke = True
    assert ordered(on, order_of(on)).state is PaidOut.AGAIN
    on.simulator.payouts.broke = False
    on.simulator.books.faults.clear()
    order = order_of(on)
    again = (
        ordered(on, order) if on.gateway.name != "stripe" else ordered(on, order_of(on, key=KEY[:-1] + "2"))
    )
    assert again.state is PaidOut.PAID


@pytest.mark.parametrize("fault", list(Fault))
def test_no_answer_that_proves_nothing_ends_it(on: Practice, fault: Fault) -> None:
    on.simulator.books.faults.append(fault)
    assert ordered(on, order_of(on)).state is PaidOut.AGAIN
    assert ordered(on, order_of(on)).state is PaidOut.PAID
    on.simulator.books.faults.append(fault)
    assert asked(on, order_of(on)).state is PaidOut.AGAIN
    assert len(on.simulator.payouts.made) == 1


def test_a_call_that_isn_t_ours_pays_nobody(on: Practice) -> None:
    master = registry.paymaster(on.gateway.name)
    request = master.order(order_of(on), at=AT)
    spoilt = replace(
        request,
        body=request.body.replace(b"2021", b"2022"),
        headers={name: value[:-3] + "AAA" for name, value in request.headers.items()},
    )
    assert master.read_order(on.call(spoilt, AT), at=AT).state is not PaidOut.PAID
    assert not on.simulator.payouts.made


def test_a_notice_names_the_payout_and_nothing_else(on: Practice) -> None:
    ordered(on, order_of(on))
    made = on.simulator.payouts.made[KEY]
    notice = read(on, on.simulator.notice_of_payout(made, at=AT))
    assert (notice.kind, notice.payout_key) == (NoticeKind.PAYOUT, KEY)
    assert TO[on.gateway.name][1] not in str(notice.body)
    with pytest.raises(ForgedNotice):
        read(on, on.simulator.notice_of_payout(made, at=AT, by_stranger=True))
    sent = on.simulator.notice_of_payout(made, at=AT)
    with pytest.raises(ForgedNotice):
        read(on, replace(sent, body=sent.body.replace(b"1", b"2", 1)))


def test_neither_order_nor_request_shows_where_it_goes(on: Practice) -> None:
    order = order_of(on)
    shown = repr(order) + repr(registry.paymaster(on.gateway.name).order(order, at=AT))
    assert not re.search(f"{re.escape(order.number)}|清川茶业", shown)


def test_stripe_s_statement_has_a_line_for_it(settings: Any, tmp_path: Any) -> None:
    on = practice("stripe", settings, tmp_path)
    ordered(on, order_of(on))
    first = on.gateway.statement_request(AT.date(), at=AT)
    lines = statements.fetch(first, on.gateway, post=lambda request: on.call(request, AT), at=AT)[1]
    assert [(one.kind, one.key, one.amount) for one in lines] == [("payout", KEY, Money(-482_900))]


@pytest.mark.parametrize("key", ["", "0" * 31, "g" * 32, "0" * 33], ids=["none", "short", "letters", "long"])
def test_a_key_of_another_form_names_no_payout(key: str) -> None:
    assert payout_id(key) is None
    known = payout_id(KEY)
    assert known is not None
    assert payout_key(known) == KEY
