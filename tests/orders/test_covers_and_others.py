"""What a cover's payout leaves with others: the shop's record, a campaign's part, a bank's dispute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from credit.models import Entry
from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from orders import invariants
from orders.campaigns import claiming as campaign_claims
from orders.cover.insurers.simulator import InsurerSimulator
from orders.models import CoverClaim, Funding, Order, OrderCover
from payments import accounts, disputes, ledger
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.invariants import all_offences, settle_constraints
from payments.models import Charge, Refund
from tests.builders.campaigns import a_campaign
from tests.builders.covers import a_cover, a_cover_claim, insurer_answers, order_of
from tests.builders.orders import ORDERED, a_subject, drain

pytestmark = pytest.mark.django_db
CLAIMED = ORDERED + timedelta(days=2)
IN_FORCE = datetime(2026, 12, 20, 2, 0, tzinfo=UTC)


def offences() -> list[str]:
    settle_constraints()
    return [each.rule for each in (*all_offences(), *invariants.all_offences())]


@pytest.fixture
def sound_books() -> Iterator[None]:
    yield
    assert offences() == []


def paid_out(cover: OrderCover, *, at: datetime) -> CoverClaim:
    insurer = InsurerSimulator(trusts=True)
    claim = a_cover_claim(cover, at=at)
    insurer_answers(insurer, at=at)
    claim.refresh_from_db()
    assert claim.state == "paid"
    return claim


def kinds(order: Order) -> set[str]:
    return set(Entry.objects.filter(order_id=order.pk).values_list("kind", flat=True))


@pytest.mark.usefixtures("sound_books")
class TestTheShopSRecord:
    def test_an_order_paid_back_by_an_insurer_is_called_so_and_counts_nothing(self) -> None:
        cover = a_cover(at=IN_FORCE)
        paid_out(cover, at=IN_FORCE + timedelta(days=2))
        order = order_of(cover)
        assert order.state == "refunded"
        entry = Entry.objects.get(order_id=order.pk, kind="order_bought_back")
        assert (entry.weight, entry.standard) == (0, 3)
        assert "order_refunded" not in kinds(order)

    def test_before_the_standard_knows_it_the_refund_counts_nothing_either(self) -> None:
        cover = a_cover()
        paid_out(cover, at=CLAIMED)
        entry = Entry.objects.get(order_id=cover.order_id, kind="order_refunded")
        assert (entry.weight, entry.standard) == (0, 1)


def test_the_shop_gets_the_campaign_s_part_of_what_the_insurer_bought_back() -> None:
    buyer = a_subject()
    campaign = a_campaign(from_minor=10_000)
    campaign_claims.claim(campaign_id=campaign.pk, subject_id=buyer, actor=Actor.buyer(buyer), at=ORDERED)
    cover = a_cover(subject_id=buyer)
    order = order_of(cover)
    assert order.total == Money(9_800)
    before = offences()
    paid_out(cover, at=CLAIMED)
    funding = Funding.objects.get(order=order)
    assert (funding.settled_minor, funding.back_minor) == (3_000, 0)
    assert ledger.balance(accounts.available(order.merchant_id)) == Money(12_800)
    # The campaign's own money was made up for the test.
    assert offences() == before


@pytest.mark.usefixtures("sound_books")
class TestDispute:
    """The buyer claims, then their bank asks all of the payment back."""

    def told(self, state: DisputeIs, *, at: datetime) -> None:
        charge = Charge.objects.select_related("payment").get()
        what = DisputeTold("dp_1", charge.provider_charge_id, charge.payment.amount, state)
        disputes.note(provider="sandbox", told=what, at=at)
        drain(at=at)

    def test_an_answer_waits_and_counts_when_the_bank_said_no(self) -> None:
        cover, insurer = a_cover(), InsurerSimulator(trusts=True)
        claim = a_cover_claim(cover, at=CLAIMED)
        self.told(DisputeIs.TO_ANSWER, at=CLAIMED)
        insurer_answers(insurer, at=CLAIMED)
        assert CoverClaim.objects.get(pk=claim.pk).state == "asked"
        assert not Refund.objects.exists()
        later = CLAIMED + timedelta(hours=2)
        self.told(DisputeIs.WON, at=later)
        insurer_answers(insurer, at=later)
        assert CoverClaim.objects.get(pk=claim.pk).state == "paid"
        assert order_of(cover).refunded == Money(12_800)

    @pytest.mark.parametrize(
        ("end", "goods"), [(DisputeIs.WON, 12_800), (DisputeIs.LOST, 0)], ids=["won", "lost"]
    )
    def test_its_silence_waits_too_and_nothing_is_paid_twice(self, end: DisputeIs, goods: int) -> None:
        cover = a_cover()
        claim = a_cover_claim(cover, at=CLAIMED)
        self.told(DisputeIs.TO_ANSWER, at=CLAIMED)
        late = CLAIMED + timedelta(hours=73)
        with clock.frozen(late):
            sweep_all()
        drain(at=late)
        assert CoverClaim.objects.get(pk=claim.pk).state == "asked"
        self.told(end, at=late + timedelta(hours=1))
        claim = CoverClaim.objects.get(pk=claim.pk)
        assert (claim.state, claim.by_silence, claim.paid_goods_minor) == ("accepted", True, goods)
        assert order_of(cover).refunded == Money(12_800)
