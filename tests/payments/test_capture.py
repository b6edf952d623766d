"""A payment is opened, and captured when the provider proves that it has the money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, capture, escrow, ledger, starting
from payments.invariants import all_offences, settle_constraints
from payments.lifecycle import PaymentState
from payments.models import Charge, LedgerEntry, Payment, ProviderNotice, Refund
from payments.sandbox import straight
from payments.whereabouts import Place, where_is_the_money
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, a_part, a_payment, published, references

pytestmark = pytest.mark.django_db
SOON = OPENED + timedelta(minutes=1)


def sound() -> None:
    settle_constraints()
    assert all_offences() == []


class TestOpening:
    def test_asks_for_the_sum_of_its_parts(self) -> None:
        payment = a_payment(1_050, 2_000)
        assert (payment.state, payment.amount) == (PaymentState.OPEN, Money(3_050))
        assert payment.number.startswith("P") and len(payment.number) == 11
        sound()

    @pytest.mark.parametrize("fen", [0, -1])
    def test_refuses_nothing_and_less(self, fen: int) -> None:
        with pytest.raises(capture.NothingToPay):
            a_payment(100, fen)
        assert not Payment.objects.exists()

    def test_refuses_no_parts(self) -> None:
        with pytest.raises(capture.NothingToPay):
            capture.open_payment(
                payer_subject_id=new_id(), parts=[], expires_at=SOON, actor=SYSTEM, at=OPENED
            )

    @pytest.mark.parametrize("parts", [1, 20])
    def test_takes_two_statements_whatever_the_number_of_orders(self, parts: int) -> None:
        payer = a_payment().payer_subject_id
        with CaptureQueriesContext(connection) as queries:
            a_payment(*([100] * parts), payer=payer)
        assert len(queries) == 2


class TestCapture:
    def test_holds_each_order_its_part(self) -> None:
        payment = a_captured_payment(1_050, 2_000)
        first, second = references(payment)
        assert payment.state == PaymentState.CAPTURED and payment.captured_at == SOON
        assert escrow.balance(first) == Money(1_050) and escrow.balance(second) == Money(2_000)
        assert ledger.balance(accounts.provider("sandbox")) == Money(-3_050)
        (event,) = published("PaymentCaptured")
        assert event["references"] == [str(first), str(second)]
        assert (event["amount_minor"], event["late"]) == (3_050, False)
        sound()

    def test_is_proved_in_the_log(self) -> None:
        payment = a_captured_payment()
        with connection.cursor() as cursor:
            cursor.execute("SELECT label FROM evidence_leaf WHERE reference = %s", [payment.pk])
            assert cursor.fetchall() == [("payments.payment.capture",)]

    def test_the_same_charge_again_changes_nothing(self) -> None:
        payment = a_captured_payment()
        charge = Charge.objects.get()
        again = capture.record(
            payment_id=payment.pk,
            provider="sandbox",
            charge_id=charge.provider_charge_id,
            amount=payment.amount,
            actor=SYSTEM,
            at=SOON,
        )
        assert again == charge and LedgerEntry.objects.count() == 1
        assert len(published("PaymentCaptured")) == 1

    @pytest.mark.parametrize("amount", [Money(9_999), Money(10_001), Money(10_000, "JPY")])
    def test_another_amount_is_refused_whole(self, amount: Money) -> None:
        payment = a_payment()
        with pytest.raises(capture.ChargeDiffers):
            capture.record(
                payment_id=payment.pk, provider="sandbox", charge_id="c", amount=amount, actor=SYSTEM, at=SOON
            )
        assert not Charge.objects.exists() and not LedgerEntry.objects.exists()

    def test_a_wrong_amount_is_parked_for_a_person(self) -> None:
        payment = a_captured_payment(choice="wrong_amount")
        assert payment.state == PaymentState.OPEN
        assert ProviderNotice.objects.parked().get().reason == "other amount"
        assert not LedgerEntry.objects.exists()

    def test_in_yen(self) -> None:
        payment = a_payment(parts=[a_part(9_800, currency="JPY")])
        straight.pay(payment.number, at=SOON)
        assert escrow.balance(references(payment)[0]) == Money(9_800, "JPY")
        sound()


class TestChargedTwice:
    def test_the_second_goes_back_by_itself(self) -> None:
        payment = a_captured_payment(10_000, choice="twice")
        refund = Refund.objects.get()
        assert (refund.amount, refund.state, refund.part) == (Money(10_000), "paid", None)
        assert escrow.balance(references(payment)[0]) == Money(10_000)
        assert ledger.balance(accounts.provider("sandbox")) == Money(-10_000)
        assert ledger.balance(accounts.suspense(refund.charge_id)).is_zero
        assert len(published("ChargedTwice")) == 1 and len(published("PaymentCaptured")) == 1
        sound()


class TestDecline:
    def test_takes_nothing_and_lets_the_payer_try_again(self) -> None:
        payment = a_captured_payment(choice="decline")
        assert payment.state == PaymentState.FAILED and not LedgerEntry.objects.exists()
        assert len(published("PaymentFailed")) == 1
        starting.start(payment_id=payment.pk, provider="sandbox", actor=SYSTEM, at=SOON)
        assert straight.pay(payment.number, at=SOON).state == PaymentState.CAPTURED
        sound()

    def test_after_capture_moves_nothing(self) -> None:
        payment = a_captured_payment()
        assert capture.fail(payment_id=payment.pk, actor=SYSTEM, at=SOON).state == PaymentState.CAPTURED


class TestExpiry:
    def test_closes_what_nobody_paid(self) -> None:
        payment = a_payment()
        assert capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=SOON).state == "expired"
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=SOON)
        assert len(published("PaymentExpired")) == 1
        with pytest.raises(starting.PaymentClosed):
            starting.start(payment_id=payment.pk, provider="sandbox", actor=SYSTEM, at=SOON)

    def test_leaves_a_paid_one_paid(self) -> None:
        payment = a_captured_payment()
        assert capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=SOON).state == "captured"

    def test_late_money_is_held_and_said_to_be_late(self) -> None:
        payment = a_captured_payment(choice="late")
        assert payment.state == PaymentState.OPEN
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=payment.expires_at)
        straight.run(at=payment.expires_at + timedelta(minutes=2))
        payment.refresh_from_db()
        assert payment.state == PaymentState.CAPTURED and payment.was_late
        assert published("PaymentCaptured")[0]["late"] is True
        assert [line.place for line in where_is_the_money(references(payment)[0])] == [Place.HELD]
        sound()


class TestStarting:
    def test_refuses_at_the_last_instant(self) -> None:
        payment = a_payment()
        with pytest.raises(starting.PaymentClosed):
            starting.start(payment_id=payment.pk, provider="sandbox", actor=SYSTEM, at=payment.expires_at)

    @pytest.mark.parametrize("provider", ["", "alipay", "sandbox "])
    def test_knows_only_offered_providers(self, provider: str) -> None:
        with pytest.raises(NotFound):
            starting.start(payment_id=a_payment().pk, provider=provider, actor=SYSTEM, at=SOON)

    def test_offers_no_sandbox_where_it_is_not_allowed(self, settings: object) -> None:
        settings.SANDBOX = False  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            starting.start(payment_id=a_payment().pk, provider="sandbox", actor=SYSTEM, at=SOON)
