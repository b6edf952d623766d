"""Reserved first: nothing is in the books before it is taken, and what isn't taken needs no refund."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from deadlines import booking
from kernel.ids import new_id
from kernel.money import Money
from payments import arriving, calls, capture, escrow, invariants, refunds
from payments.authorising import taking
from payments.gateways.protocol import Answer
from payments.models import Authorisation, LedgerEntry, Payment, ProviderCall, ProviderNotice, Refund
from payments.refunds import RefundExceedsCaptured
from payments.sandbox import holds, straight
from payments.sandbox_models import SandboxCharge, SandboxHold
from tests.builders.money import OPENED, SYSTEM, an_authorised_payment, published, references

pytestmark = pytest.mark.django_db

AT = OPENED + timedelta(minutes=5)


def fresh(payment: Payment) -> tuple[str, str]:
    """The state of a payment and of what is reserved for it."""
    payment.refresh_from_db()
    return payment.state, Authorisation.objects.get(payment=payment).state


def settled() -> None:
    invariants.settle_constraints()
    assert not invariants.all_offences()


class TestReserving:
    def test_puts_nothing_in_the_books(self) -> None:
        payment = an_authorised_payment(10_000, 5_000)
        assert fresh(payment) == ("authorised", "held")
        assert not LedgerEntry.objects.exists() and not SandboxCharge.objects.exists()
        assert published("PaymentAuthorised") == [
            {
                "payment_id": str(payment.pk),
                "subject_id": str(payment.payer_subject_id),
                "references": [str(one) for one in references(payment)],
                "amount_minor": 15_000,
                "currency": "CNY",
            }
        ]
        settled()

    def test_told_again_by_notice_and_question_is_once(self) -> None:
        payment = an_authorised_payment()
        name = Authorisation.objects.get().reference
        for _ in range(3):
            arriving.authorised("sandbox", payment.number, name, Money(10_000), at=AT)
        assert fresh(payment) == ("authorised", "held")
        assert len(published("PaymentAuthorised")) == 1

    def test_of_another_sum_is_let_go_at_once(self) -> None:
        payment = an_authorised_payment(choice="wrong_amount")
        assert fresh(payment) == ("open", "released")
        assert SandboxHold.objects.get().state == "released" and not LedgerEntry.objects.exists()
        settled()

    def test_that_comes_after_the_end_is_let_go(self) -> None:
        payment = an_authorised_payment(choice="late")
        over = payment.expires_at + timedelta(minutes=2)
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=over)
        straight.run(at=over)
        assert fresh(payment) == ("expired", "released")
        assert SandboxHold.objects.get().state == "released" and not LedgerEntry.objects.exists()

    def test_is_not_ended_by_the_end_of_the_time_to_pay(self) -> None:
        payment = an_authorised_payment()
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=payment.expires_at)
        assert fresh(payment) == ("authorised", "held")

    def test_of_no_payment_is_parked(self) -> None:
        outcome, reason = arriving.authorised("sandbox", "PNOSUCHONE", "au_1", Money(1), at=AT)
        assert (outcome, reason) == (ProviderNotice.Outcome.PARKED, "unknown payment")
        assert not Authorisation.objects.exists()


class TestTaking:
    def test_the_whole(self) -> None:
        payment = an_authorised_payment(10_000, 5_000)
        taking.take(payment_id=payment.pk, keep=references(payment), actor=SYSTEM, at=AT)
        assert fresh(payment) == ("authorised", "capturing") and not LedgerEntry.objects.exists()
        straight.run(at=AT)
        assert fresh(payment) == ("captured", "captured")
        assert [escrow.balance(one).minor for one in references(payment)] == [10_000, 5_000]
        assert SandboxCharge.objects.get().amount_minor == 15_000
        settled()

    def test_only_what_can_be_delivered(self) -> None:
        payment = an_authorised_payment(10_000, 5_000)
        first, second = references(payment)
        taking.take(payment_id=payment.pk, keep=[second], actor=SYSTEM, at=AT)
        straight.run(at=AT)
        payment.refresh_from_db()
        assert (payment.state, payment.taken, payment.due) == ("captured", Money(5_000), Money(5_000))
        assert SandboxCharge.objects.get().amount_minor == 5_000
        assert (escrow.balance(first).minor, escrow.balance(second).minor) == (0, 5_000)
        (told,) = published("PaymentCaptured")
        assert (told["references"], told["amount_minor"]) == ([str(second)], 5_000)
        assert not Refund.objects.exists()
        with pytest.raises(RefundExceedsCaptured):
            refunds.refund(reference=first, amount=Money(1), purpose="x", actor=SYSTEM, at=AT)
        settled()

    def test_twice_is_once(self) -> None:
        payment = an_authorised_payment(10_000, 5_000)
        first, second = references(payment)
        taking.take(payment_id=payment.pk, keep=[second], actor=SYSTEM, at=AT)
        taking.take(payment_id=payment.pk, keep=[first, second], actor=SYSTEM, at=AT)
        straight.run(at=AT)
        assert SandboxCharge.objects.get().amount_minor == 5_000

    def test_without_an_answer_asks_before_it_orders_again(self) -> None:
        """The answer is lost after the work was done: the second call asks, and finds the money."""
        payment = an_authorised_payment()
        taking.take(payment_id=payment.pk, keep=references(payment), actor=SYSTEM, at=AT)
        whole = straight._post(AT)

        def lost(request: Any) -> Answer:
            whole(request)
            return Answer(0)

        assert calls.make_due(post=lost, at=AT, limit=1) == 1
        assert fresh(payment) == ("authorised", "capturing")
        later = AT + timedelta(minutes=2)
        assert calls.make_due(post=straight._post(later), at=later) == 1
        assert fresh(payment) == ("captured", "captured")
        straight.run(at=later)
        assert SandboxCharge.objects.count() == 1 and len(published("PaymentCaptured")) == 1
        settled()

    def test_that_is_turned_down_ends_without_a_charge(self) -> None:
        """The bank let go meanwhile: a refusal, then the question, and only then the end."""
        payment = an_authorised_payment()
        SandboxHold.objects.update(state="released")
        taking.take(payment_id=payment.pk, keep=references(payment), actor=SYSTEM, at=AT)
        for minutes in range(0, 6, 2):
            straight.run(at=AT + timedelta(minutes=minutes))
        assert fresh(payment) == ("released", "released")
        assert published("PaymentReleased")[0]["cause"] == "lapsed"
        assert not LedgerEntry.objects.exists()
        settled()


class TestLettingGo:
    def test_needs_no_refund(self) -> None:
        payment = an_authorised_payment()
        taking.let_go(payment_id=payment.pk, actor=SYSTEM, at=AT)
        assert fresh(payment) == ("released", "releasing")
        taking.let_go(payment_id=payment.pk, actor=SYSTEM, at=AT)
        straight.run(at=AT)
        assert fresh(payment) == ("released", "released")
        assert SandboxHold.objects.get().state == "released"
        assert not Refund.objects.exists() and not LedgerEntry.objects.exists()
        assert len(published("PaymentReleased")) == 1
        settled()

    def test_is_refused_while_it_is_being_taken(self) -> None:
        payment = an_authorised_payment()
        taking.take(payment_id=payment.pk, keep=references(payment), actor=SYSTEM, at=AT)
        with pytest.raises(taking.BeingTaken):
            taking.let_go(payment_id=payment.pk, actor=SYSTEM, at=AT)
        assert fresh(payment) == ("authorised", "capturing")

    def test_by_the_bank_of_itself(self) -> None:
        payment = an_authorised_payment()
        holds.let_go(SandboxHold.objects.get(), at=AT)
        straight.run(at=AT)
        assert fresh(payment) == ("released", "released")
        assert published("PaymentReleased")[0]["cause"] == "lapsed"

    def test_at_its_deadline_while_it_is_sure(self) -> None:
        payment = an_authorised_payment()
        held = Authorisation.objects.get()
        row = booking.find(kind=taking.CLOCK, reference=held.pk)
        assert row is not None and row.due_at == held.held_at + timedelta(days=4) < held.ends_at
        taking.on_due(reference=held.pk, due_at=row.due_at, at=row.due_at)
        assert fresh(payment) == ("released", "releasing")
        assert published("PaymentReleased")[0]["cause"] == "not_decided"
        assert booking.find(kind=taking.CLOCK, reference=held.pk) is None


class TestMoneyFromElsewhere:
    def test_lets_go_what_is_reserved_too(self) -> None:
        """The payer also paid at a provider that takes at once: one of both is enough."""
        payment = an_authorised_payment()
        other = f"{payment.number}_2"
        payment.attempts.create(
            position=1,
            provider="wechatpay",
            trade_number=other,
            on_phone=False,
            state="closed",
            begun_at=OPENED,
            ended_at=AT,
        )
        arriving.captured(
            provider="wechatpay", trade_number=other, charge_id="4200", amount=Money(10_000), at=AT
        )
        assert fresh(payment) == ("captured", "releasing")
        straight.run(at=AT)
        assert fresh(payment) == ("captured", "released")
        assert SandboxHold.objects.get().state == "released" and not SandboxCharge.objects.exists()
        assert not published("PaymentReleased")
        settled()


class TestAttackedBySql:
    def refused(self, sql: str, *values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_part_is_let_go_only_while_it_is_reserved(self) -> None:
        payment = an_authorised_payment()
        taking.take(payment_id=payment.pk, keep=references(payment), actor=SYSTEM, at=AT)
        straight.run(at=AT)
        mine = "payments_paymentpart SET released_minor = amount_minor WHERE payment_id = %s"
        self.refused(f"UPDATE {mine}", payment.pk)
        self.refused("UPDATE payments_payment SET released_minor = 1 WHERE id = %s", payment.pk)
        self.refused("UPDATE payments_payment SET authorise_first = false WHERE id = %s", payment.pk)

    @pytest.mark.parametrize("change", ["amount_minor = 1", "reference = gen_random_uuid()", "position = 7"])
    def test_nothing_else_of_a_part_changes(self, change: str) -> None:
        payment = an_authorised_payment()
        self.refused(f"UPDATE payments_paymentpart SET {change} WHERE payment_id = %s", payment.pk)
        self.refused("DELETE FROM payments_paymentpart WHERE payment_id = %s", payment.pk)

    @pytest.mark.parametrize(
        "change",
        [
            "amount_minor = 1",
            "capture_minor = 10001",
            "state = 'gone'",
            "state = 'released'",
            "reference = 'x'",
        ],
    )
    def test_what_was_reserved_is_a_fact(self, change: str) -> None:
        an_authorised_payment()
        self.refused(f"UPDATE payments_authorisation SET {change}")
        self.refused("DELETE FROM payments_authorisation")

    def test_captured_is_what_was_kept(self) -> None:
        """The sum that was let go can't be made up for one part only."""
        payment = an_authorised_payment(10_000, 5_000)
        self.refused("UPDATE payments_payment SET released_minor = 15001 WHERE id = %s", payment.pk)
        self.refused(
            "UPDATE payments_payment SET released_minor = 5000, state = 'captured', captured_at = now()"
            " WHERE id = %s",
            payment.pk,
        )


def test_a_call_of_ours_is_made_once_per_step() -> None:
    payment = an_authorised_payment()
    taking.take(payment_id=payment.pk, keep=[new_id(), *references(payment)], actor=SYSTEM, at=AT)
    straight.run(at=AT)
    kinds = list(ProviderCall.objects.filter(kind__in=["capture", "release"]).values_list("kind", "state"))
    assert kinds == [("capture", "answered")]
