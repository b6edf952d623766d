"""What value that lies here pays of a payment: set apart, spent, given back, and refunded per means."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from payments import accounts, capture, escrow, ledger, refunds, tenders
from payments.invariants import all_offences, settle_constraints
from payments.lifecycle import PaymentState, RefundState
from payments.models import Charge, Payment, Refund, Tender
from payments.sandbox import straight
from payments.tender_models import Means
from tests.builders.money import (
    OPENED,
    SYSTEM,
    a_dispute,
    a_mixed_payment,
    published,
    references,
    some_points,
)

pytestmark = pytest.mark.django_db
PAID = OPENED + timedelta(minutes=1)
LATER = OPENED + timedelta(days=3)


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def left(account: str) -> int:
    return ledger.balance(account).minor


def paid(payment: Payment) -> Payment:
    return straight.pay(payment.number, at=PAID)


def refund(reference: UUID, fen: int, purpose: str) -> dict[str, int]:
    """What of it went to whom."""
    refunds.refund(reference=reference, amount=Money(fen), purpose=purpose, actor=SYSTEM, at=LATER)
    made = Refund.objects.filter(reference=reference, purpose=purpose)
    return {"points" if one.tender_id else "provider": one.amount_minor for one in made}


class TestShares:
    @given(st.lists(st.integers(0, 500), min_size=1, max_size=5), st.data())
    def test_grow_with_what_is_gone_and_sum_to_it(self, wholes: list[int], data: st.DataObject) -> None:
        gone = data.draw(st.integers(0, sum(wholes)))
        more = data.draw(st.integers(gone, sum(wholes)))
        before, after = tenders.shares(wholes, gone), tenders.shares(wholes, more)
        assert sum(before) == gone and sum(after) == more
        assert all(0 <= one <= two <= whole for one, two, whole in zip(before, after, wholes, strict=True))

    def test_all_of_it_is_all_of_each(self) -> None:
        assert tenders.shares([7, 2, 1], 10) == [7, 2, 1]

    def test_of_nothing(self) -> None:
        assert tenders.shares([0, 0], 0) == [0, 0]


class TestSetApart:
    def test_waits_until_it_is_paid(self) -> None:
        account = some_points(3_000)
        payment = a_mixed_payment((10_000, 2_500), account=account)
        assert (payment.amount, payment.due) == (Money(10_000), Money(7_500))
        assert left(account) == 500
        assert left(accounts.suspense(payment.pk)) == 2_500

    def test_is_spent_when_the_provider_has_the_rest(self) -> None:
        account = some_points(3_000)
        payment = paid(a_mixed_payment((10_000, 2_500), (4_000, 0), account=account))
        assert payment.state == PaymentState.CAPTURED
        assert Charge.objects.get().amount == Money(11_500)
        assert [escrow.balance(one).minor for one in references(payment)] == [10_000, 4_000]
        assert (left(accounts.suspense(payment.pk)), left(account)) == (0, 500)
        assert tenders.paid_with(references(payment)[0]) == {
            Means.PROVIDER: Money(7_500),
            Means.POINTS: Money(2_500),
        }

    def test_goes_back_when_nobody_pays(self) -> None:
        account = some_points(3_000)
        payment = a_mixed_payment((10_000, 2_500), account=account)
        for _twice in range(2):
            capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=payment.expires_at)
        assert (left(accounts.suspense(payment.pk)), left(account)) == (0, 3_000)

    def test_stays_apart_after_a_decline_for_the_next_attempt(self) -> None:
        account = some_points(3_000)
        payment = straight.pay(
            a_mixed_payment((10_000, 2_500), account=account).number, at=PAID, choice="decline"
        )
        assert payment.state == PaymentState.FAILED
        assert left(account) == 500

    def test_a_balance_is_spent_once(self) -> None:
        account = some_points(3_000)
        a_mixed_payment((10_000, 2_500), account=account)
        with pytest.raises(tenders.TenderSpent):
            a_mixed_payment((10_000, 501), account=account)
        assert (left(account), Payment.objects.count(), Tender.objects.count()) == (500, 1, 1)

    def test_all_of_it_needs_no_provider(self) -> None:
        account = some_points(14_000)
        payment = a_mixed_payment((10_000, 10_000), (4_000, 4_000), account=account)
        assert payment.state == PaymentState.CAPTURED
        assert not Charge.objects.exists()
        assert [escrow.balance(one).minor for one in references(payment)] == [10_000, 4_000]
        assert published("PaymentCaptured")[0]["amount_minor"] == 14_000


class TestLateMoney:
    def test_takes_the_tender_again(self) -> None:
        account = some_points(3_000)
        payment = a_mixed_payment((10_000, 2_500), account=account)
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=payment.expires_at)
        payment = straight.pay(payment.number, at=PAID)
        assert payment.state == PaymentState.CAPTURED
        assert (left(account), escrow.balance(references(payment)[0]).minor) == (500, 10_000)

    def test_goes_back_whole_when_the_tender_was_spent_elsewhere(self) -> None:
        account = some_points(3_000)
        payment = a_mixed_payment((10_000, 2_500), account=account)
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=payment.expires_at)
        a_mixed_payment((9_000, 600), account=account)
        payment = straight.pay(payment.number, at=PAID)
        assert payment.state == PaymentState.EXPIRED
        assert (Charge.objects.get().extra, Refund.objects.get().state) == (True, RefundState.PAID)
        assert left(accounts.provider("sandbox")) == 0


class TestRefunds:
    def test_partial_refunds_sum_to_the_whole_of_each_means(self) -> None:
        """100.00 paid as 66.67 + 33.33; each third of the goods takes the running fraction of both.

        33.33: floor(66.67 x 33.33 / 100.00) = 22.22 by the provider, 11.11 in points. 66.66: floor of 44.442
        is 44.44, so 22.22 and 11.11 more. 100.00: the rest, 22.23 and 11.11.
        """
        account = some_points(3_333)
        reference = references(paid(a_mixed_payment((10_000, 3_333), account=account)))[0]
        assert refund(reference, 3_333, "a") == {"provider": 2_222, "points": 1_111}
        assert refund(reference, 3_333, "b") == {"provider": 2_222, "points": 1_111}
        assert refund(reference, 3_334, "c") == {"provider": 2_223, "points": 1_111}
        assert (left(account), escrow.balance(reference).minor) == (3_333, 0)
        assert refunds.is_fully_refunded(reference)

    def test_points_are_back_at_once_and_are_said_to_be(self) -> None:
        account = some_points(3_000)
        reference = references(paid(a_mixed_payment((10_000, 2_500), account=account)))[0]
        assert refund(reference, 1_000, "a") == {"provider": 750, "points": 250}
        to_points = Refund.objects.get(tender__isnull=False)
        assert (to_points.state, to_points.settled_at) == (RefundState.PAID, LATER)
        assert [one["amount_minor"] for one in published("RefundPaid")] == [250]
        straight.run(at=LATER)
        assert sorted(one["amount_minor"] for one in published("RefundPaid")) == [250, 750]

    def test_the_same_refund_again_is_the_same(self) -> None:
        account = some_points(3_000)
        reference = references(paid(a_mixed_payment((10_000, 2_500), account=account)))[0]
        assert refund(reference, 1_000, "a") == refund(reference, 1_000, "a")
        with pytest.raises(refunds.RefundDiffers):
            refund(reference, 1_001, "a")
        assert (Refund.objects.count(), left(account)) == (2, 750)

    def test_of_an_order_without_a_provider(self) -> None:
        account = some_points(10_000)
        reference = references(a_mixed_payment((10_000, 10_000), account=account))[0]
        assert refund(reference, 4_000, "a") == {"points": 4_000}
        with pytest.raises(refunds.RefundExceedsCaptured):
            refund(reference, 6_001, "b")
        assert left(account) == 4_000

    def test_what_the_provider_could_not_pay_is_asked_of_it_again(self) -> None:
        account = some_points(3_000)
        reference = references(paid(a_mixed_payment((10_000, 2_500), account=account)))[0]
        refund(reference, 1_000, "a")
        failed = Refund.objects.get(tender__isnull=True)
        refunds.give_up(refund_id=failed.pk, actor=SYSTEM, at=LATER)
        assert refund(reference, 750, "a~2") == {"provider": 750}
        assert refund(reference, 9_000, "rest") == {"provider": 6_750, "points": 2_250}
        assert (left(account), escrow.balance(reference).minor) == (3_000, 0)

    def test_a_dispute_takes_only_what_the_bank_paid(self) -> None:
        account = some_points(3_000)
        payment = paid(a_mixed_payment((10_000, 2_500), account=account))
        reference = references(payment)[0]
        a_dispute(payment, at=LATER)
        assert left(accounts.escrow(reference)) == 2_500
        assert refund(reference, 2_500, "rest") == {"points": 2_500}
