"""The day's run: whose turn it is gets all it may have, once; what must wait says why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts import freezing
from kernel.money import Money
from merchants import standing
from merchants.models import PayoutAccount
from merchants.payout_channels import PayoutChannel
from payments import fund
from payments.invariants import all_offences, settle_constraints
from payments.models import Move, Payout, PayoutRun
from payments.paying_out import asked, runs, turns
from payments.paying_out.holds import Hold, NewAccount
from payments.sandbox import straight
from privacy import restored
from tests.builders.money import published
from tests.builders.payouts import (
    MONDAY,
    SYSTEM,
    a_payout,
    a_rich_shop,
    available,
    confirmed,
    earns,
    with_account,
)
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
TUESDAY, LATER = MONDAY + timedelta(days=1), MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _sound() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def graded(shop, grade: str):  # type: ignore[no-untyped-def]
    standing.write_effects(
        merchant_id=shop.pk,
        grade=grade,
        score_permille=900,
        payout_delay_days=0,
        rule_id="x",
        at=MONDAY,
        facts={},
    )
    shop.refresh_from_db()
    return shop


class TestTurns:
    def test_a_week_s_turn_falls_on_monday_and_a_good_shop_has_one_every_day(self) -> None:
        days = [date(2026, 11, 9) + timedelta(days=n) for n in range(7)]
        assert [turns.has_turn("N", day, at=MONDAY) for day in days] == [True] + [False] * 6
        assert all(turns.has_turn("A", day, at=MONDAY) for day in days)
        assert sum(turns.has_turn("C", day, at=MONDAY) for day in days) in (2, 3)

    def test_the_next_one_is_after_now(self) -> None:
        early, week = MONDAY - timedelta(minutes=1), timedelta(days=7)
        assert turns.next_turn("N", at=early) == MONDAY
        assert turns.next_turn("N", at=MONDAY) == MONDAY + week
        assert turns.next_turn("A", at=MONDAY) == TUESDAY


class TestRun:
    def test_pays_all_that_is_there_into_the_account(self) -> None:
        shop = a_rich_shop(482_900)
        assert runs.run_due(at=MONDAY) == 1
        made = Payout.objects.get()
        assert (made.state, made.amount, made.kind, made.provider) == (
            "requested", Money(482_900), "scheduled", "sandbox",
        )  # fmt: skip
        assert made.account == PayoutAccount.objects.get(merchant=shop, ended_at=None)
        assert available(shop) == Money(0)
        straight.run(at=MONDAY)
        made.refresh_from_db()
        assert (made.state, made.settled_at) == ("paid", MONDAY)
        assert list(Move.objects.filter(aggregate="payout").values_list("name", flat=True)) == ["send", "pay"]
        assert [one["amount_minor"] for one in published("PayoutPaid")] == [482_900]

    def test_not_before_its_hour_and_once_a_day(self) -> None:
        shop = a_rich_shop()
        assert runs.run_due(at=MONDAY - timedelta(seconds=1)) == 0
        assert [runs.run_due(at=MONDAY) for _ in range(3)] == [1, 0, 0]
        earns(shop, 500)
        assert runs.run_due(at=LATER) == 0
        assert available(shop) == Money(500)

    def test_only_those_whose_turn_it_is(self) -> None:
        weekly, daily = a_rich_shop(), graded(a_rich_shop(), "A")
        assert runs.run_due(at=TUESDAY) == 1
        assert (available(weekly), available(daily)) == (Money(10_000), Money(0))

    def test_goes_on_where_it_stopped(self) -> None:
        shops = [a_rich_shop(100 * n) for n in range(1, 6)]
        assert [runs.run_due(at=MONDAY, limit=2) for _ in range(4)] == [2, 2, 1, 0]
        assert {one.merchant_id for one in Payout.objects.all()} == {shop.pk for shop in shops}
        assert PayoutRun.objects.get().ended_at == MONDAY

    def test_trouble_with_one_shop_keeps_nobody_else_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shops = sorted((a_rich_shop() for _ in range(3)), key=lambda shop: shop.pk)
        one, leave = shops[1], runs.leave

        def broken(payout: Payout, *rest: Any, **facts: Any) -> Payout:
            made = leave(payout, *rest, **facts)
            if payout.merchant_id == one.pk:
                raise IntegrityError
            return made

        monkeypatch.setattr(runs, "leave", broken)
        assert runs.run_due(at=MONDAY) == 2
        assert {shop.pk for shop in shops if available(shop)} == {one.pk}
        assert PayoutRun.objects.get().ended_at == MONDAY

    def test_leaves_what_is_too_little(self) -> None:
        shop = a_rich_shop(99)
        assert runs.run_due(at=MONDAY) == 0
        assert available(shop) == Money(99)

    def test_each_currency_by_itself(self) -> None:
        shop = a_rich_shop(10_000)
        earns(shop, 7_000, "HKD")
        assert runs.run_due(at=MONDAY) == 2
        assert {one.amount for one in Payout.objects.all()} == {Money(10_000), Money(7_000, "HKD")}

    def test_what_the_shop_owes_the_fund_goes_there_first(self) -> None:
        shop = a_rich_shop(10_000)
        fund.advance(
            reference=shop.pk,
            merchant_id=shop.pk,
            amount=Money(4_000),
            purpose="test",
            actor=SYSTEM,
            at=MONDAY,
        )
        assert a_payout(shop).amount == Money(6_000)
        assert fund.debt(shop.pk) == Money(0)

    def test_nothing_after_a_restore_until_the_books_were_compared(self) -> None:
        shop = a_rich_shop()
        restored.note(backup_id="b", taken_at=MONDAY, keys_missing=False, leaves_lost=0, at=MONDAY)
        restored.finish(tombstones_replayed=0, at=MONDAY)
        assert runs.run_due(at=MONDAY) == 0
        assert not PayoutRun.objects.exists()
        assert available(shop) == Money(10_000)


def waiting(shop) -> Payout:  # type: ignore[no-untyped-def]
    made = a_payout(shop)
    assert made.state == "held"
    assert available(shop) == made.amount
    return made


class TestWaiting:
    def test_without_an_account(self) -> None:
        shop = a_rich_shop()
        PayoutAccount.objects.update(ended_at=MONDAY)
        assert waiting(shop).hold == Hold.NO_ACCOUNT
        assert [one["hold"] for one in published("PayoutWaiting")] == ["no_account"]

    def test_until_the_account_is_confirmed(self) -> None:
        shop = a_merchant()
        earns(shop, 10_000)
        made = waiting(shop)
        assert made.hold == Hold.UNCONFIRMED
        confirmed(shop)
        assert a_payout(shop, at=LATER).pk == made.pk
        made.refresh_from_db()
        assert (made.state, made.hold, made.requested_at) == ("requested", "", LATER)

    def test_for_the_hours_after_a_change(self) -> None:
        shop = a_rich_shop()
        account = with_account(shop, "6222020200112230012", at=MONDAY)
        PayoutAccount.objects.filter(pk=account.pk).update(usable_from=MONDAY + timedelta(hours=72))
        made = waiting(shop)
        assert (made.hold, made.held_until) == (Hold.NEW_ACCOUNT, MONDAY + timedelta(hours=72))
        graded(shop, "A")
        with pytest.raises(NewAccount):
            asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=LATER)
        assert a_payout(shop, at=MONDAY + timedelta(hours=72)).state == "requested"

    def test_while_somebody_else_may_sit_in_the_owner_s_account(self) -> None:
        shop = a_rich_shop()
        member = a_member(shop)
        freezing.freeze(subject_id=member.subject_id, actor=member.actor, at=MONDAY)
        assert waiting(shop).hold == Hold.OWNER_FROZEN
        freezing.recover(subject_id=member.subject_id, actor=SYSTEM, at=MONDAY)
        assert a_payout(shop).state == "requested"

    def test_where_no_provider_reaches_the_account(self, settings) -> None:  # type: ignore[no-untyped-def]
        shop = a_rich_shop()
        settings.SANDBOX = False
        assert waiting(shop).hold == Hold.NO_WAY

    def test_a_new_sum_joins_what_waits_and_nothing_left_drops_it(self) -> None:
        shop = a_rich_shop()
        PayoutAccount.objects.update(ended_at=MONDAY)
        first = waiting(shop)
        earns(shop, 500)
        assert (waiting(shop).pk, waiting(shop).amount) == (first.pk, Money(10_500))
        assert len(published("PayoutWaiting")) == 1
        fund.advance(
            reference=shop.pk, merchant_id=shop.pk, amount=Money(10_500), purpose="t", actor=SYSTEM, at=MONDAY
        )
        assert runs.run_due(at=MONDAY) == 0
        first.refresh_from_db()
        assert (first.state, first.settled_at) == ("dropped", MONDAY)


class TestAsked:
    def test_by_grade_once_a_day(self) -> None:
        shop = a_rich_shop()
        with pytest.raises(asked.NotByGrade):
            asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=TUESDAY)
        graded(shop, "B")
        made = asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=TUESDAY)
        assert (made.kind, made.amount) == ("asked", Money(10_000))
        earns(shop, 10_000)
        with pytest.raises(asked.OncePerDay):
            asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=TUESDAY + timedelta(hours=9))
        assert available(shop) == Money(10_000)

    def test_too_little_says_from_when_on(self) -> None:
        shop = graded(a_rich_shop(50), "A")
        with pytest.raises(asked.TooLittle) as refusal:
            asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=TUESDAY)
        assert refusal.value.params == {"least": Money(100)}


def test_a_channel_is_paid_through_who_reaches_it() -> None:
    shop = a_rich_shop()
    account = with_account(shop, "2088000000000000", channel=str(PayoutChannel.ALIPAY))
    assert account.channel == "alipay"
    assert a_payout(shop).provider == "sandbox"
