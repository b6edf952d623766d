"""Covers per order line: bought on purpose, paid apart, begun by sending, claimed, paid out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.money import Money
from orders import cancellation, invariants, returns
from orders.cover import claiming, facts, offering, products
from orders.cover.claiming import Telling
from orders.cover.insurers.simulator import InsurerSimulator
from orders.cover_states import Cause
from orders.models import CoverClaim, InsurerCall, Order, OrderCover
from payments import accounts, escrow, ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import Payment, PaymentPart, Refund
from tests.builders.covers import (
    a_cover,
    a_cover_claim,
    a_covered_checkout,
    fresh,
    insurer_answers,
    order_of,
)
from tests.builders.orders import ORDERED, a_return, a_subject, drain, member_of, pay, scan

pytestmark = pytest.mark.django_db
INSURER = accounts.insurer("sandbox")
CLAIMED = ORDERED + timedelta(days=2)


@pytest.fixture(autouse=True)
def sound_books() -> Iterator[None]:
    yield
    settle_constraints()
    assert all_offences() == []
    assert invariants.all_offences() == []


class TestBuying:
    def test_nothing_is_chosen_by_itself(self) -> None:
        done = a_covered_checkout()
        assert not OrderCover.objects.exists()
        assert done.payment.amount == Money(12_800)

    def test_each_premium_is_a_part_of_the_one_payment(self) -> None:
        done = a_covered_checkout("transit", "authenticity")
        covers = {each.kind: each for each in OrderCover.objects.all()}
        assert {kind: each.premium_minor for kind, each in covers.items()} == {
            "transit": 103,
            "authenticity": 100,
        }
        assert done.payment.amount == Money(13_003)
        assert done.orders[0].total == Money(12_800)
        parts = PaymentPart.objects.filter(payment=done.payment).order_by("position")
        assert [(part.kind, part.amount_minor) for part in parts] == [
            ("order", 12_800),
            ("cover", 103),
            ("cover", 100),
        ]

    def test_a_fixed_premium_costs_the_same_for_every_line(self) -> None:
        a_covered_checkout("return-freight", quantity=3)
        cover = OrderCover.objects.get()
        assert (cover.premium, cover.limit) == (Money(90), Money(1_500))

    def test_the_terms_shown_are_frozen(self) -> None:
        a_covered_checkout("transit")
        cover = OrderCover.objects.get()
        found = products.on_offer(ORDERED)[0]
        assert cover.terms["texts"] == found.texts
        assert (cover.product, cover.version, cover.insurer) == ("transit", 1, "sandbox")

    def test_an_unknown_product_is_refused_and_nothing_is_ordered(self) -> None:
        with pytest.raises(offering.CoverNotOffered):
            a_covered_checkout("moon")
        assert not Order.objects.exists()
        assert not Payment.objects.exists()


class TestFollowing:
    def test_the_premium_waits_until_the_goods_are_sent(self) -> None:
        cover = a_cover(sent=False)
        assert cover.state == "waiting"
        assert escrow.balance(cover.pk) == Money(103)
        assert ledger.balance(INSURER) == Money(0)

    def test_sending_begins_the_risk_and_pays_the_insurer(self) -> None:
        cover = a_cover(delivered=False)
        assert (cover.state, cover.began_at) == ("running", ORDERED + timedelta(hours=6))
        assert escrow.balance(cover.pk) == Money(0)
        assert ledger.balance(INSURER) == Money(103)
        assert InsurerCall.objects.get().cover_id == cover.pk

    def test_cancelled_before_it_goes_back_in_full(self) -> None:
        cover = a_cover(sent=False)
        later = ORDERED + timedelta(hours=1)
        buyer = Actor.buyer(cover.subject_id)
        cancellation.cancel(order_id=cover.order_id, actor=buyer, at=later)
        drain(at=later)
        assert fresh(cover).state == "given_back"
        assert Refund.objects.get(reference=cover.pk).amount == Money(103)
        assert escrow.balance(cover.pk) == Money(0)

    def test_never_paid_it_lapses_and_costs_nothing(self) -> None:
        a_covered_checkout("transit")
        later = ORDERED + timedelta(hours=1)
        with clock.frozen(later):
            sweep_all()
        drain(at=later)
        assert OrderCover.objects.get().state == "lapsed"
        assert not Refund.objects.exists()

    def test_following_again_changes_nothing(self) -> None:
        cover = a_cover()
        drain(at=CLAIMED)
        assert fresh(cover).state == "running"
        assert ledger.balance(INSURER) == Money(103)


class TestClaiming:
    def test_damage_needs_a_photo(self) -> None:
        cover = a_cover()
        with pytest.raises(claiming.PhotosMissing):
            a_cover_claim(cover, at=CLAIMED, photo=False)
        assert not CoverClaim.objects.exists()

    def test_a_loss_needs_a_lost_parcel(self) -> None:
        with pytest.raises(claiming.NothingShown):
            a_cover_claim(a_cover(), at=CLAIMED, cause=Cause.LOST)
        assert not CoverClaim.objects.exists()

    def test_the_price_and_a_tenth_for_the_trouble(self) -> None:
        claim = a_cover_claim(a_cover(), at=CLAIMED)
        assert (claim.goods_minor, claim.beside_minor, claim.state) == (12_800, 1_280, "asked")
        assert [each["kind"] for each in claim.facts][-1] == "scan_delivered"

    def test_only_once_at_a_time(self) -> None:
        cover = a_cover()
        first = a_cover_claim(cover, at=CLAIMED)
        with pytest.raises(claiming.CoverClaimed) as refused:
            a_cover_claim(cover, at=CLAIMED)
        assert first.number in str(refused.value.params.values())
        assert CoverClaim.objects.count() == 1

    def test_not_after_its_days(self) -> None:
        cover = a_cover()
        with pytest.raises(claiming.CoverOver):
            a_cover_claim(cover, at=ORDERED + timedelta(days=8))

    def test_not_before_it_runs(self) -> None:
        with pytest.raises(claiming.CoverNotRunning):
            a_cover_claim(a_cover(sent=False), at=ORDERED + timedelta(hours=1))

    def test_somebody_else_s_is_absent(self) -> None:
        cover = a_cover()
        said = Telling(cause=Cause.DAMAGED)
        with pytest.raises(NotFound):
            claiming.ask(cover_id=cover.pk, said=said, actor=Actor.buyer(a_subject()), at=CLAIMED)

    def test_another_cause_is_refused(self) -> None:
        with pytest.raises(claiming.CauseNotCovered):
            a_cover_claim(a_cover(), at=CLAIMED, cause=Cause.FREIGHT, spent=Money(500))

    def test_withdrawn_it_may_be_made_again(self) -> None:
        cover = a_cover()
        claim = a_cover_claim(cover, at=CLAIMED)
        buyer = Actor.buyer(cover.subject_id)
        claiming.withdraw(claim_id=claim.pk, actor=buyer, at=CLAIMED)
        assert InsurerCall.objects.get(claim=claim).state == "dropped"
        assert a_cover_claim(cover, at=CLAIMED).number != claim.number
        with pytest.raises(IllegalMove):
            claiming.withdraw(claim_id=claim.pk, actor=buyer, at=CLAIMED)


class TestPaying:
    def test_the_price_comes_back_and_the_shop_keeps_its_sale(self) -> None:
        cover, insurer = a_cover(), InsurerSimulator()
        insurer_answers(insurer, at=CLAIMED)
        claim = a_cover_claim(cover, at=CLAIMED)
        insurer_answers(insurer, at=CLAIMED)
        claim = CoverClaim.objects.get(pk=claim.pk)
        order = order_of(cover)
        assert (claim.state, claim.paid_goods_minor) == ("paid", 12_800)
        assert claim.transfer == f"T{claim.number}"
        assert Refund.objects.get(reference=order.pk).amount == Money(12_800)
        assert order.refunded == Money(12_800)
        assert ledger.balance(accounts.available(order.merchant_id)) == Money(12_800)
        assert ledger.balance(INSURER) == Money(103 - 12_800)
        assert escrow.balance(cover.pk) == Money(0)

    def test_silence_pays(self) -> None:
        cover = a_cover()
        claim = a_cover_claim(cover, at=CLAIMED)
        late = CLAIMED + timedelta(hours=73)
        with clock.frozen(late):
            sweep_all()
        drain(at=late)
        claim = CoverClaim.objects.get(pk=claim.pk)
        assert (claim.state, claim.by_silence) == ("accepted", True)
        assert escrow.balance(cover.pk) == Money(1_280)
        assert list(CoverClaim.objects.overdue()) == [claim]

    def test_a_late_no_undoes_nothing_and_a_late_yes_hands_it_over(self) -> None:
        cover = a_cover()
        claim = a_cover_claim(cover, at=CLAIMED)
        late = CLAIMED + timedelta(hours=73)
        with clock.frozen(late):
            sweep_all()
        drain(at=late)
        insurer_answers(InsurerSimulator(trusts=True, refuses="excluded"), at=late)
        assert CoverClaim.objects.get(pk=claim.pk).state == "accepted"
        insurer_answers(InsurerSimulator(trusts=True), at=late + timedelta(hours=2))
        done = CoverClaim.objects.get(pk=claim.pk)
        assert (done.state, done.transfer) == ("paid", f"T{claim.number}")
        assert not CoverClaim.objects.overdue().exists()

    def test_a_refusal_says_why_and_moves_nothing(self) -> None:
        cover = a_cover()
        claim = a_cover_claim(cover, at=CLAIMED)
        insurer_answers(InsurerSimulator(trusts=True, refuses="excluded"), at=CLAIMED)
        claim = CoverClaim.objects.get(pk=claim.pk)
        assert (claim.state, claim.refusal) == ("refused", "excluded")
        assert not Refund.objects.exists()
        assert ledger.balance(INSURER) == Money(103)

    def test_a_lost_parcel_whose_money_is_back_pays_the_tenth_alone(self) -> None:
        cover = a_cover(delivered=False)
        scan(cover.order.shipments.get(), "lost", at=CLAIMED)
        claim = a_cover_claim(fresh(cover), at=CLAIMED, cause=Cause.LOST, photo=False)
        assert (claim.goods_minor, claim.beside_minor) == (0, 1_280)
        insurer_answers(InsurerSimulator(trusts=True), at=CLAIMED)
        assert CoverClaim.objects.get(pk=claim.pk).state == "paid"
        assert order_of(cover).refunded == Money(12_800)

    def test_a_fake_pays_the_price_once_more_after_a_decision(self) -> None:
        cover = a_cover("authenticity")
        with pytest.raises(claiming.NothingShown):
            a_cover_claim(cover, at=CLAIMED, cause=Cause.COUNTERFEIT, photo=False)
        facts.note_fake(order_id=cover.order_id, line_id=None, reference=cover.pk, at=CLAIMED)
        claim = a_cover_claim(cover, at=CLAIMED, cause=Cause.COUNTERFEIT, photo=False)
        assert (claim.goods_minor, claim.beside_minor) == (0, 12_800)

    def test_return_freight_needs_a_finished_return_at_the_buyer_s_cost(self) -> None:
        cover = a_cover("return-freight")
        with pytest.raises(claiming.NothingShown):
            a_cover_claim(cover, at=CLAIMED, cause=Cause.FREIGHT, spent=Money(1_200), photo=False)
        made = a_return(order_of(cover), at=CLAIMED, received=True)
        back = CLAIMED + timedelta(days=2)
        returns.refund(return_id=made.pk, actor=member_of(order_of(cover)), at=back)
        drain(at=back)
        claim = a_cover_claim(
            fresh(cover),
            at=CLAIMED + timedelta(days=3),
            cause=Cause.FREIGHT,
            spent=Money(9_900),
            photo=False,
        )
        assert (claim.goods_minor, claim.beside_minor) == (0, 1_500)


class TestInsurer:
    @pytest.mark.parametrize("fault", ["down", "lost", "garbage", "forged", "late", "other_sum"])
    def test_no_clear_answer_is_asked_again(self, fault: str) -> None:
        cover, insurer = a_cover(), InsurerSimulator()
        insurer_answers(insurer, at=CLAIMED)
        claim = a_cover_claim(cover, at=CLAIMED)
        insurer.faults = [fault]
        insurer_answers(insurer, at=CLAIMED)
        assert CoverClaim.objects.get(pk=claim.pk).state == "asked"
        assert not Refund.objects.exists()
        insurer_answers(insurer, at=CLAIMED + timedelta(minutes=5))
        assert CoverClaim.objects.get(pk=claim.pk).state == "paid"
        assert len(insurer.claims) == 1


def test_a_premium_is_paid_before_its_order_s_late_end() -> None:
    """Money that comes after the order expired: order and premium go back, or both stand."""
    done = a_covered_checkout("transit")
    pay(done, at=ORDERED + timedelta(hours=2))
    cover = OrderCover.objects.get()
    assert cover.state in ("waiting", "given_back")
    held = Money(103) if cover.state == "waiting" else Money(0)
    assert escrow.balance(cover.pk) == held
