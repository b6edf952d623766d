"""Disputes at every real provider: a notice says only that something changed, and what it is now is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.money import Money
from payments.gateways.protocol import DisputeIs, ForgedNotice, NoticeKind, TurnedDown, Unclear
from payments.simulators.books import DisputedIs, Fault
from tests.builders.providers import NAMES, Practice, intent, practice

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE = AT + timedelta(days=7)


@pytest.fixture(params=NAMES)
def on(request: Any, settings: Any, tmp_path: Any) -> Practice:
    return practice(request.param, settings, tmp_path)


def disputed(on: Practice, minor: int = 12_345) -> Any:
    made = intent(AT)
    on.trade(made, AT)
    return on.simulator.books.dispute(on.simulator.books.pay(made.number, at=AT), minor, answer_by=DUE)


def asked(on: Practice, one: Any) -> Any:
    return on.gateway.read_dispute(on.call(on.gateway.ask_dispute(one.own_id, at=AT), AT), at=AT)


def answered(on: Practice, one: Any, evidence: str) -> None:
    request = on.gateway.answer_dispute(one.own_id, evidence, at=AT)
    on.gateway.read_dispute_answered(on.call(request, AT), at=AT)


def read(on: Practice, sent: Any) -> Any:
    return on.gateway.read_notice({k.lower(): v for k, v in sent.headers.items()}, sent.body, at=AT)


def test_a_notice_names_the_dispute_and_nothing_else(on: Practice) -> None:
    one = disputed(on)
    notice = read(on, on.simulator.notice_of_dispute(one, at=AT))
    assert (notice.kind, notice.dispute_id) == (NoticeKind.DISPUTE, one.own_id)


def test_a_forged_one_is_refused(on: Practice) -> None:
    one = disputed(on)
    with pytest.raises(ForgedNotice):
        read(on, on.simulator.notice_of_dispute(one, at=AT, by_stranger=True))
    sent = on.simulator.notice_of_dispute(one, at=AT)
    with pytest.raises(ForgedNotice):
        read(on, replace(sent, body=sent.body.replace(b"1", b"2", 1)))


def test_what_it_is_now_is_asked(on: Practice) -> None:
    one = disputed(on, 2_345)
    told = asked(on, one)
    assert (told.dispute_id, told.charge_id, told.amount, told.state) == (
        one.own_id, one.trade.charge_id, Money(2_345), DisputeIs.TO_ANSWER,
    )  # fmt: skip
    assert told.answer_by in (None, DUE)
    one.state = DisputedIs.WON
    assert asked(on, one).state is DisputeIs.WON


def test_stripe_alone_takes_money_by_itself(on: Practice) -> None:
    one = disputed(on)
    one.state = DisputedIs.LOST
    lost = DisputeIs.LOST if on.gateway.name == "stripe" else DisputeIs.WON
    assert asked(on, one).state is lost


def test_our_answer_arrives_once(on: Practice) -> None:
    one = disputed(on)
    for _ in range(2):
        answered(on, one, "Delivered on 20 November, 圆通 YT123.")
    assert (one.evidence, asked(on, one).state) == (
        "Delivered on 20 November, 圆通 YT123.", DisputeIs.ANSWERED,
    )  # fmt: skip


def test_not_contesting_ends_it(on: Practice) -> None:
    one = disputed(on)
    answered(on, one, "")
    assert asked(on, one).state in (DisputeIs.LOST, DisputeIs.WON)


def test_one_that_isn_t_there_is_a_plain_no(on: Practice) -> None:
    one = disputed(on)
    one.own_id = "unknown"
    with pytest.raises(TurnedDown):
        asked(on, one)


@pytest.mark.parametrize("fault", list(Fault))
def test_an_answer_that_proves_nothing_ends_nothing(on: Practice, fault: Fault) -> None:
    one = disputed(on)
    on.simulator.books.faults.append(fault)
    with pytest.raises(Unclear):
        asked(on, one)
    assert asked(on, one).state is DisputeIs.TO_ANSWER
