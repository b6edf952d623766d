"""What becomes of a payout that left: calls repeated with our key, notices that make us ask, and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from kernel.actor import Actor
from kernel.money import Money
from payments import calls, reconciliation, statements
from payments.gateways.paying import payout_key
from payments.gateways.protocol import Answer, Request, StatementLine
from payments.invariants import all_offences, settle_constraints
from payments.models import Difference, Payout, ProviderCall, ProviderNotice
from payments.paying_out import asked, runs, sending
from payments.paying_out.holds import Hold
from payments.sandbox import straight
from payments.sandbox_models import SandboxDelivery, SandboxPayout
from tests.builders.applications import CARD
from tests.builders.money import published
from tests.builders.payouts import MONDAY, SYSTEM, a_payout, a_rich_shop, available

pytestmark = pytest.mark.django_db
# The last digit of each says how the sandbox ends it.
BOUNCES, LATE = "6222020200112230009", "6222020200112230008"
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _sound() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def answering(*answers: Answer) -> tuple[list[Request], Callable[[Request], Answer]]:
    """A transport that gives these answers in turn, then none; and what was sent."""
    sent: list[Request] = []

    def post(request: Request) -> Answer:
        sent.append(request)
        return answers[len(sent) - 1] if len(sent) <= len(answers) else Answer(0)

    return sent, post


def test_silence_is_asked_again_with_the_same_key_and_paid_once() -> None:
    made = a_payout(a_rich_shop())
    sent, post = answering(Answer(0), Answer(503), Answer(200, b"<html>"))
    for minutes in (0, 1, 5):
        calls.make_due(post=post, at=MONDAY + timedelta(minutes=minutes))
    assert len(sent) == 3
    assert all(payout_key(made.pk).encode() in one.body for one in sent)
    made.refresh_from_db()
    assert made.state == "requested"
    straight.run(at=MONDAY + timedelta(hours=1))
    made.refresh_from_db()
    assert (made.state, SandboxPayout.objects.count()) == ("paid", 1)


def test_one_that_bounces_is_available_again_and_says_why() -> None:
    shop = a_rich_shop(number=BOUNCES)
    made = a_payout(shop, through=True)
    assert (made.state, made.reason, made.settled_at) == ("failed", "account_closed", MONDAY)
    assert available(shop) == Money(10_000)
    assert published("PayoutFailed") == [
        {
            "payout_id": str(made.pk),
            "merchant_id": str(shop.pk),
            "amount_minor": 10_000,
            "currency": "CNY",
            "reason": "account_closed",
        }
    ]


def test_what_came_back_isn_t_sent_there_again_by_itself_but_when_asked() -> None:
    shop = a_rich_shop(number=BOUNCES)
    a_payout(shop, through=True)
    held = a_payout(shop, at=NEXT_MONDAY)
    assert (held.state, held.hold) == ("held", Hold.SENT_BACK)
    again = asked.pay_now(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=NEXT_MONDAY)
    assert (again.pk, again.state) == (held.pk, "requested")


def test_a_late_one_is_on_its_way_until_the_bank_has_it() -> None:
    made = a_payout(a_rich_shop(number=LATE), through=True)
    assert made.state == "sent"
    straight.run(at=MONDAY + timedelta(minutes=30))
    made.refresh_from_db()
    assert made.state == "sent"
    straight.run(at=MONDAY + timedelta(hours=2))
    made.refresh_from_db()
    assert made.state == "paid"


def test_a_lost_notice_loses_nothing() -> None:
    made = a_payout(a_rich_shop())
    post = straight._post(MONDAY)
    calls.make_due(post=post, at=MONDAY)
    SandboxDelivery.objects.all().delete()
    calls.make_due(post=straight._post(MONDAY + timedelta(minutes=11)), at=MONDAY + timedelta(minutes=11))
    made.refresh_from_db()
    assert made.state == "paid"


def test_notices_twice_and_in_any_order_change_nothing_more() -> None:
    made = a_payout(a_rich_shop(), through=True)
    SandboxDelivery.objects.update(delivered_at=None, due_at=MONDAY)
    straight.run(at=MONDAY)
    assert ProviderNotice.objects.get(kind="payout.changed").outcome == "applied"
    made.refresh_from_db()
    assert (made.state, len(published("PayoutPaid"))) == ("paid", 1)


def test_a_notice_of_an_unknown_payout_is_put_before_staff() -> None:
    made = a_payout(a_rich_shop(), through=True)
    body = SandboxDelivery.objects.get().body
    twin = body.replace(payout_key(made.pk), "0" * 31 + "1").replace("evt_", "evt2_")
    SandboxDelivery.objects.create(body=twin, due_at=MONDAY)
    straight.run(at=MONDAY)
    assert ProviderNotice.objects.parked().get().reason == "unknown payout"
    assert (Difference.objects.get().kind, Difference.objects.get().theirs_minor) == ("payout", -10_000)


def test_a_bank_may_send_back_what_it_had_taken() -> None:
    shop = a_rich_shop()
    made = a_payout(shop, through=True)
    SandboxPayout.objects.update(paid=False, reason="account_closed")
    post = straight._post(NEXT_MONDAY)
    from_notice = SandboxDelivery.objects.get().body.replace("evt_", "evt2_")
    SandboxDelivery.objects.create(body=from_notice, due_at=MONDAY)
    straight.run(at=NEXT_MONDAY)
    assert post is not None
    made.refresh_from_db()
    assert (made.state, available(shop)) == ("failed", Money(10_000))


def test_after_a_day_of_silence_it_is_only_asked_for_and_comes_back() -> None:
    """Providers forget a key after a day: sent once more it could be paid twice."""
    shop = a_rich_shop()
    made = a_payout(shop)
    sent, post = answering()
    for hours in range(20):
        calls.make_due(post=post, at=MONDAY + timedelta(hours=hours))
    assert {b"number" in one.body for one in sent} == {True}
    straight.run(at=MONDAY + timedelta(hours=22))
    made.refresh_from_db()
    assert (made.state, made.reason) == ("failed", "never_arrived")
    assert (available(shop), SandboxPayout.objects.count()) == (Money(10_000), 0)


def test_an_end_ends_once() -> None:
    shop = a_rich_shop()
    made = a_payout(shop)
    actor = Actor.provider("sandbox")
    assert sending.give_up(payout_id=made.pk, actor=actor, at=MONDAY, reason="x")
    assert not sending.give_up(payout_id=made.pk, actor=actor, at=MONDAY, reason="y")
    assert not sending.confirm(payout_id=made.pk, actor=actor, at=MONDAY)
    made.refresh_from_db()
    assert (made.state, made.reason, available(shop)) == ("failed", "x", Money(10_000))


def test_where_it_goes_stands_in_no_row_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    a_payout(a_rich_shop(), through=True)
    rows = [*ProviderCall.objects.values_list(), *ProviderNotice.objects.values_list()]
    rows += [*SandboxDelivery.objects.values_list(), *SandboxPayout.objects.values_list()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM outbox_message")
        rows += cursor.fetchall()
        cursor.execute("SELECT row(a.*)::text FROM merchants_payoutaccount a")
        rows += cursor.fetchall()
    assert CARD not in repr(rows) + caplog.text


class TestStatement:
    def test_agrees_line_by_line(self) -> None:
        made = a_payout(a_rich_shop(), through=True)
        held = statements.ask(provider="sandbox", day=MONDAY.date(), at=MONDAY)
        line = StatementLine("payout", payout_key(made.pk), Money(-10_000))
        statements.take_in(statement_id=held.pk, came=b"day", lines=[line], at=MONDAY)
        assert reconciliation.compare(provider="sandbox", day=MONDAY.date(), at=MONDAY) == []

    def test_knows_one_that_isn_t_listed_one_of_another_sum_and_one_that_failed_here(self) -> None:
        shop = a_rich_shop()
        a_payout(shop, through=True)
        wrong = a_payout(a_rich_shop(), through=True)
        failed = a_payout(a_rich_shop(number=BOUNCES), through=True)
        held = statements.ask(provider="sandbox", day=MONDAY.date(), at=MONDAY)
        lines = [
            StatementLine("payout", payout_key(wrong.pk), Money(-9_999)),
            StatementLine("payout", payout_key(failed.pk), Money(-10_000)),
            StatementLine("payout", "0" * 32, Money(-1)),
        ]
        statements.take_in(statement_id=held.pk, came=b"day", lines=lines, at=MONDAY)
        found = reconciliation.compare(provider="sandbox", day=MONDAY.date(), at=MONDAY)
        assert {one.what for one in found} == {"missing_there", "other_sum", "other_state", "missing_here"}


def test_two_runs_at_once_pay_a_shop_once() -> None:
    shop = a_rich_shop()
    runs.run_due(at=MONDAY)
    runs.PayoutRun.objects.update(ended_at=None, after=None)
    assert runs.run_due(at=MONDAY) == 0
    assert Payout.objects.filter(merchant_id=shop.pk).count() == 1
