"""From the choice of a provider to the money: attempts, lost notices, payers who change their minds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kernel import clock
from kernel.money import Money
from payments import calls, capture, escrow, refunds, starting
from payments.gateways.protocol import Answer, Post, Request
from payments.lifecycle import PaymentState
from payments.models import Attempt, Charge, Payment, ProviderCall
from payments.simulators.books import Fault, Sent, TradeIs
from tests.builders.money import OPENED, SYSTEM, a_payment, references
from tests.builders.people import a_buyer
from tests.builders.providers import NAMES, Practice, practice

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(minutes=1)


@pytest.fixture(params=NAMES)
def on(request: Any, settings: Any, tmp_path: Any) -> Practice:
    settings.BASE_URL = "https://anxin.example"
    return practice(request.param, settings, tmp_path)


def posting(on: Practice, at: datetime) -> Post:
    def post(request: Request) -> Answer:
        assert request.provider == on.gateway.name
        answer: Answer = on.simulator.handle(request, at=at)
        return answer

    return post


def make_calls(on: Practice, at: datetime) -> int:
    return calls.make_due(post=posting(on, at), at=at)


def begin(on: Practice, payment: Payment, at: datetime = NOW, **how: Any) -> Attempt:
    """Choose the provider and let the payer arrive there."""
    attempt = starting.start(payment_id=payment.pk, provider=on.gateway.name, actor=SYSTEM, at=at, **how)
    make_calls(on, at)
    attempt.refresh_from_db()
    if on.gateway.name == "alipay":
        on.simulator.open_page(attempt.url, at=at)
    return attempt


def deliver(on: Practice, sent: Sent, at: datetime) -> Any:
    with clock.frozen(at):
        return Client().post(
            f"/webhooks/payments/{on.gateway.name}",
            sent.body,
            content_type=sent.headers["content-type"],
            headers={name: value for name, value in sent.headers.items() if name != "content-type"},
        )


def pay(on: Practice, attempt: Attempt, at: datetime) -> Sent:
    trade = on.simulator.books.pay(attempt.trade_number, at=at)
    sent: Sent = on.simulator.notice_of(trade, at=at)
    return sent


class TestPaying:
    def test_the_notice_captures_and_is_acknowledged_in_the_provider_s_words(self, on: Practice) -> None:
        payment = a_payment(10_000)
        attempt = begin(on, payment)
        assert attempt.state == "handed_over" and (attempt.url or attempt.code)
        sent = pay(on, attempt, NOW)
        answers = [deliver(on, sent, NOW) for _ in range(3)]
        said = on.gateway.receipt()
        assert {(one.status_code, one.content.decode()) for one in answers} == {(said.status, said.body)}
        payment.refresh_from_db()
        assert payment.state == PaymentState.CAPTURED and Charge.objects.count() == 1
        assert escrow.balance(references(payment)[0]) == Money(10_000)
        attempt.refresh_from_db()
        assert attempt.state == "closed" and make_calls(on, NOW + timedelta(days=1)) == 0

    def test_a_lost_notice_is_made_up_for_by_asking(self, on: Practice) -> None:
        payment = a_payment(10_000)
        attempt = begin(on, payment)
        pay(on, attempt, NOW)
        assert make_calls(on, NOW + timedelta(seconds=59)) == 0
        assert make_calls(on, NOW + timedelta(seconds=61)) == 1
        payment.refresh_from_db()
        assert payment.state == PaymentState.CAPTURED
        assert make_calls(on, NOW + timedelta(days=1)) == 0

    def test_coming_back_asks_at_once_and_believes_nothing(self, on: Practice) -> None:
        payment = a_payment(10_000)
        begin(on, payment)
        with clock.frozen(NOW):
            back = Client().get(f"/pay/{payment.number}/return?trade_status=TRADE_SUCCESS")
        assert back.status_code == 303 and not Charge.objects.exists()
        assert make_calls(on, NOW) == 1
        payment.refresh_from_db()
        assert payment.state == PaymentState.OPEN

    def test_the_same_choice_again_goes_on_where_it_was(self, on: Practice) -> None:
        payment = a_payment()
        first, second = begin(on, payment), begin(on, payment)
        assert first == second and len(on.simulator.books.trades) == 1

    def test_on_a_phone_it_is_another_attempt_and_the_first_is_closed(self, on: Practice) -> None:
        payment = a_payment()
        first = begin(on, payment)
        second = begin(on, payment, on_phone=True)
        assert second.trade_number == f"{payment.number}_2"
        assert on.simulator.books.trades[first.trade_number].state is TradeIs.CLOSED

    def test_who_pays_twice_gets_the_second_back(self, on: Practice) -> None:
        """Two pages were open, and the provider didn't hear that the first is to be closed."""
        payment = a_payment(10_000)
        first = begin(on, payment)
        on.simulator.books.faults.append(Fault.REFUSED_FIRST)
        second = begin(on, payment, on_phone=True)
        for attempt in (second, first):
            deliver(on, pay(on, attempt, NOW), NOW)
        assert Charge.objects.filter(payment=payment, extra=True).count() == 1
        make_calls(on, NOW + timedelta(minutes=2))
        assert sum(one.amount for one in on.simulator.books.refunds.values()) == 10_000
        assert escrow.balance(references(payment)[0]) == Money(10_000)

    def test_an_expired_payment_is_closed_there_too(self, on: Practice) -> None:
        payment = a_payment()
        attempt = begin(on, payment)
        over = payment.expires_at
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=over)
        make_calls(on, over)
        assert on.simulator.books.trades[attempt.trade_number].state is TradeIs.CLOSED
        make_calls(on, over + timedelta(hours=2))
        assert not ProviderCall.objects.filter(state="waiting").exists()


class TestTrouble:
    @pytest.mark.parametrize("fault", list(Fault))
    def test_a_fault_while_beginning_ends_in_one_attempt(self, on: Practice, fault: Fault) -> None:
        on.simulator.books.faults.append(fault)
        payment = a_payment()
        attempt = starting.start(payment_id=payment.pk, provider=on.gateway.name, actor=SYSTEM, at=NOW)
        make_calls(on, NOW)
        attempt.refresh_from_db()
        # Alipay's address is ours to sign: nothing is asked, so nothing fails.
        assert attempt.state == ("handed_over" if on.gateway.name == "alipay" else "begun")
        make_calls(on, NOW + timedelta(seconds=10))
        attempt.refresh_from_db()
        assert attempt.state == "handed_over" and len(on.simulator.books.trades) <= 1

    def test_a_refund_that_was_lost_on_the_way_is_paid_once(self, on: Practice) -> None:
        payment = a_payment(10_000)
        deliver(on, pay(on, begin(on, payment), NOW), NOW)
        order = references(payment)[0]
        made = refunds.refund(reference=order, amount=Money(4_000), purpose="r", actor=SYSTEM, at=NOW)
        on.simulator.books.faults.extend([Fault.LOST, Fault.BROKEN, Fault.FORGED])
        for minute in range(8):
            make_calls(on, NOW + timedelta(minutes=minute))
        made.refresh_from_db()
        assert made.state == "paid" and len(on.simulator.books.refunds) == 1

    def test_a_forged_notice_leaves_nothing(self, on: Practice) -> None:
        payment = a_payment(10_000)
        attempt = begin(on, payment)
        trade = on.simulator.books.pay(attempt.trade_number, at=NOW)
        assert deliver(on, on.simulator.notice_of(trade, at=NOW, by_stranger=True), NOW).status_code == 400
        assert not Charge.objects.exists()

    def test_another_sum_is_parked(self, on: Practice) -> None:
        payment = a_payment(10_000)
        attempt = begin(on, payment)
        on.simulator.books.trades[attempt.trade_number].amount = 9_999
        deliver(on, pay(on, attempt, NOW), NOW)
        payment.refresh_from_db()
        assert payment.state == PaymentState.OPEN and not Charge.objects.exists()


class TestTheDatabase:
    def test_keeps_a_payment_at_one_provider_at_a_time(self, on: Practice) -> None:
        attempt = begin(on, a_payment())
        copy = Attempt.objects.get(pk=attempt.pk)
        with pytest.raises(IntegrityError, match="one provider at a time"), transaction.atomic():
            copy.pk, copy.position, copy.trade_number = None, 2, "X_2"
            copy.save(force_insert=True)

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("state = 'paid', ended_at = now()", "known state"),
            ("url = '', code = ''", "knows where to"),
            ("state = 'closed'", "instant exactly when ended"),
            ("ended_at = now()", "instant exactly when ended"),
        ],
    )
    def test_refuses_what_can_t_be(self, on: Practice, change: str, rule: str) -> None:
        attempt = begin(on, a_payment())
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE payments_attempt SET {change} WHERE id = %s", [attempt.pk])


def test_the_pages_lead_on(on: Practice) -> None:
    person = a_buyer(at=OPENED)
    payment = a_payment(10_000, payer=person.subject_id)
    with clock.frozen(NOW):
        page = person.client.get(f"/pay/{payment.number}/")
        assert on.gateway.name in page.content.decode()
        told = {"provider": on.gateway.name, "idempotency_key": "k" * 20}
        chosen = person.client.post(f"/pay/{payment.number}/provider", told)
        assert chosen["location"] == f"/pay/{payment.number}/on"
        make_calls(on, NOW)
        shown = person.client.get(chosen["location"]).content.decode()
    attempt = Attempt.objects.get()
    assert ('class="qr"' in shown) == bool(attempt.code)
    assert attempt.code or attempt.url.split("&")[0] in shown
