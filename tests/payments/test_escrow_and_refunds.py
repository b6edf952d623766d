"""Money waits in escrow, goes to the merchant or back to the payer, and never twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, calls, capture, escrow, ledger, payers, refunds
from payments.gateways.protocol import Answer
from payments.invariants import all_offences, settle_constraints
from payments.models import LedgerEntry, Move, ProviderCall, ProviderNotice, Refund
from payments.sandbox import straight
from payments.whereabouts import Place, of_references, where_is_the_money
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, a_payment, published, references

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=8)
MERCHANT = new_id()


@pytest.fixture
def order() -> UUID:
    """¥100.00 in escrow."""
    return references(a_captured_payment(10_000))[0]


@pytest.fixture(autouse=True)
def _sound() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def release(order: UUID, fen: int, fee: int = 0, purpose: str = "settlement") -> LedgerEntry:
    return escrow.release(
        reference=order,
        merchant_id=MERCHANT,
        amount=Money(fen),
        fee=Money(fee),
        purpose=purpose,
        actor=SYSTEM,
        at=LATER,
    )


def refund(order: UUID, fen: int, purpose: str = "return:1", payment_id: UUID | None = None) -> Refund:
    return refunds.refund(
        reference=order, amount=Money(fen), purpose=purpose, actor=SYSTEM, at=LATER, payment_id=payment_id
    )


def places(order: UUID) -> dict[str, int]:
    return {str(line.place): line.amount.minor for line in where_is_the_money(order)}


class TestRelease:
    def test_pays_the_merchant_less_the_fee(self, order: UUID) -> None:
        release(order, 10_000, fee=300)
        assert ledger.balance(accounts.available(MERCHANT)) == Money(9_700)
        assert ledger.balance(accounts.FEES) == Money(300)
        assert places(order) == {"merchant": 9_700, "fees": 300}

    def test_of_more_than_is_held_is_refused(self, order: UUID) -> None:
        with pytest.raises(ledger.NotEnoughMoney) as refusal:
            release(order, 10_001)
        assert refusal.value.params == {"left": "CNY 100.00"}
        assert places(order) == {"held": 10_000}

    @pytest.mark.parametrize("fee", [-1, 101])
    def test_refuses_a_fee_that_cannot_be(self, order: UUID, fee: int) -> None:
        with pytest.raises(ValueError, match="a fee of"):
            release(order, 100, fee=fee)

    def test_comes_back_for_a_remedy(self, order: UUID) -> None:
        release(order, 10_000, fee=300)
        gather(order, 2_000, "remedy")
        refund(order, 2_000)
        assert places(order) == {"refund_on_its_way": 2_000, "merchant": 7_700, "fees": 300}
        assert gather(order, 7_701, "more") == Money(7_700)


def gather(order: UUID, fen: int, purpose: str) -> Money:
    """What the shop itself could give of it."""
    return payers.gather(
        reference=order, merchant_id=MERCHANT, wanted=Money(fen), into=accounts.escrow(order),
        purpose=purpose, actor=SYSTEM, at=LATER, with_fund=False,
    ).all  # fmt: skip


class TestRefund:
    def test_leaves_escrow_at_once_and_arrives_when_the_provider_says_so(self, order: UUID) -> None:
        made = refund(order, 4_000)
        assert made.state == "requested" and published("RefundPaid") == []
        assert places(order) == {"held": 6_000, "refund_on_its_way": 4_000}
        straight.run(at=LATER)
        made.refresh_from_db()
        assert made.state == "paid" and made.settled_at == LATER
        assert places(order) == {"held": 6_000, "refunded": 4_000}
        assert published("RefundPaid")[0]["reference"] == str(order)
        assert {m.name for m in Move.objects.filter(aggregate="refund")} == {"send", "pay"}

    def test_is_made_once_per_purpose(self, order: UUID) -> None:
        assert refund(order, 10_000) == refund(order, 10_000)
        with pytest.raises(refunds.RefundDiffers):
            refund(order, 9_999)
        assert Refund.objects.count() == ProviderCall.objects.count() == 1
        assert refunds.is_fully_refunded(order)

    def test_never_exceeds_what_was_paid_for_the_order(self) -> None:
        first, second = references(a_captured_payment(3_000, 7_000))
        refund(first, 2_000)
        with pytest.raises(refunds.RefundExceedsCaptured) as refusal:
            refund(first, 1_001, "return:2")
        assert refusal.value.params == {"left": "CNY 10.00"}
        refund(first, 1_000, "return:3")
        assert refunds.is_fully_refunded(first) and not refunds.is_fully_refunded(second)

    def test_never_takes_what_the_merchant_already_has(self, order: UUID) -> None:
        release(order, 8_000)
        with pytest.raises(ledger.NotEnoughMoney):
            refund(order, 2_001)

    def test_of_an_order_that_was_never_paid_is_refused(self) -> None:
        with pytest.raises(refunds.RefundExceedsCaptured):
            refund(references(a_payment())[0], 1)

    def test_that_bounces_is_held_again(self) -> None:
        order = references(a_captured_payment(10_000, choice="refunds_fail"))[0]
        made = refund(order, 4_000)
        straight.run(at=LATER)
        made.refresh_from_db()
        assert made.state == "failed" and places(order) == {"held": 10_000}
        assert published("RefundFailed")[0]["refund_id"] == str(made.pk)
        refund(order, 10_000, "return:again")

    def test_takes_the_payment_that_it_is_told(self) -> None:
        one = a_payment(5_000)
        order = references(one)[0]
        parts = [capture.Part(order, MERCHANT, Money(5_000))]
        two = a_payment(payer=one.payer_subject_id, parts=parts)
        for payment in (one, two):
            straight.pay(payment.number, at=OPENED)
        made = refund(order, 5_000, payment_id=two.pk)
        assert made.charge.payment == two and escrow.balance(order) == Money(5_000)


class TestCalls:
    def test_silence_and_faults_are_asked_again_with_the_same_key(self, order: UUID) -> None:
        made, seen = refund(order, 4_000), []

        def post(request: object) -> Answer:
            seen.append(request.body)  # type: ignore[attr-defined]
            return answers.pop(0)

        answers = [Answer(0), Answer(500), Answer(302), Answer(202)]
        for minute in range(4):
            assert calls.make_due(post=post, at=LATER + timedelta(minutes=minute)) == 1
        assert len(set(seen)) == 1 and f"refund-{made.pk.hex}".encode() in seen[0]
        made.refresh_from_db()
        assert made.state == "sent" and ProviderCall.objects.get(kind="refund").state == "answered"

    def test_what_was_taken_is_asked_after_until_it_has_ended(self, order: UUID) -> None:
        made = refund(order, 4_000)
        calls.make_due(post=lambda _: Answer(202), at=LATER)
        assert calls.make_due(post=lambda _: Answer(202), at=LATER + timedelta(minutes=9)) == 0
        soon = LATER + timedelta(minutes=11)
        assert calls.make_due(post=lambda _: Answer(202, b'{"state":"paid"}'), at=soon) == 1
        made.refresh_from_db()
        assert made.state == "paid" and len(published("RefundPaid")) == 1
        assert calls.make_due(post=lambda _: Answer(202), at=LATER + timedelta(days=1)) == 0

    def test_a_plain_no_gives_the_money_back_to_escrow(self, order: UUID) -> None:
        made = refund(order, 4_000)
        calls.make_due(post=lambda _: Answer(422), at=LATER)
        made.refresh_from_db()
        assert made.state == "failed" and escrow.balance(order) == Money(10_000)

    def test_the_notice_may_overtake_the_answer(self, order: UUID) -> None:
        made = refund(order, 4_000)
        assert refunds.confirm(refund_id=made.pk, actor=SYSTEM, at=LATER)
        straight.run(at=LATER)
        made.refresh_from_db()
        assert made.state == "paid" and len(published("RefundPaid")) == 1

    def test_contradictory_ends_are_parked(self, order: UUID) -> None:
        made = refund(order, 4_000)
        refunds.give_up(refund_id=made.pk, actor=SYSTEM, at=LATER)
        straight.run(at=LATER)
        assert ProviderNotice.objects.parked().get().reason == "refund is failed here"


def test_whereabouts_of_many_orders_take_four_queries(django_assert_num_queries: object) -> None:
    orders = [references(a_captured_payment(100 * n))[0] for n in range(1, 4)]
    with django_assert_num_queries(4):  # type: ignore[operator]
        found = of_references(orders)
    assert [found[order][0].amount for order in orders] == [Money(100), Money(200), Money(300)]
    assert found[orders[0]][0].place is Place.HELD
