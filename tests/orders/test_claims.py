"""Repairs and exchanges: who may ask for what on which day, and what silence does at each step."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import Stock
from complaints.models import Complaint
from deadlines.booking import TooLate
from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from orders import asking as return_asking
from orders import returns, settlement
from orders.aftercare import asking, claims, mending
from orders.models import FaultClaim, Order
from orders.refund_sums import QuantityOutOfRange
from orders.states import OrderState
from tests.builders.aftercare import FAULT, a_claim, take
from tests.builders.orders import a_return, an_order, drain, member_of, scan
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def order():  # type: ignore[no-untyped-def]
    """Two kettles under a year's warranty, for 39.00 each; eight are left on the shelf."""
    return an_order(listing=a_listing(category="electronics"), quantity=2, delivered_at=DELIVERED)


def ask(order: Order, *, at: datetime = DELIVERED, **changes):  # type: ignore[no-untyped-def]
    facts = {"quantity": 1, "remedy": "exchange", "fault": FAULT, **changes}
    line = order.lines.get()
    return claims.ask(order_id=order.pk, line_id=line.pk, actor=Actor.buyer(order.subject_id), at=at, **facts)


def fresh(claim: FaultClaim) -> FaultClaim:
    return FaultClaim.objects.get(pk=claim.pk)


class TestAsk:
    def test_says_the_rule_the_payer_and_what_would_go_back(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order, at=DELIVERED + timedelta(days=9))
        assert (made.state, made.rule_id, made.postage_payer, made.amount_minor) == (
            "asked",
            "cn.three_guarantees.exchange",
            "trader",
            3900,
        )

    def test_exchange_ends_with_its_days_and_repair_goes_on(self, order) -> None:  # type: ignore[no-untyped-def]
        late = DELIVERED + timedelta(days=20)
        with pytest.raises(asking.RemedyNotOpen):
            ask(order, at=late)
        assert not FaultClaim.objects.exists()
        assert ask(order, at=late, remedy="repair").rule_id == "cn.warranty.whole_unit"

    def test_goods_without_a_warranty_are_not_repaired(self) -> None:
        teapot = an_order(delivered_at=DELIVERED)
        with pytest.raises(asking.RemedyNotOpen):
            ask(teapot, remedy="repair")
        assert ask(teapot).remedy == "exchange"

    @pytest.mark.parametrize("quantity", [0, -1, 3])
    def test_refuses_quantities_out_of_range(self, order, quantity: int) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(QuantityOutOfRange):
            ask(order, quantity=quantity)

    @pytest.mark.parametrize(
        ("fault", "refusal"),
        [(" ", asking.FaultMissing), ("坏" * 501, asking.FaultTooLong)],
        ids=["no", "long"],
    )
    def test_wants_the_fault_in_words(self, order, fault: str, refusal) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(refusal):
            ask(order, fault=fault)
        assert not FaultClaim.objects.exists()

    def test_refuses_before_delivery(self) -> None:
        with pytest.raises(asking.NothingToClaim):
            ask(an_order(shipped=True))

    def test_a_line_is_claimed_or_returned(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order)
        buyer, line = Actor.buyer(order.subject_id), order.lines.get()
        with pytest.raises(return_asking.AlreadyClaimed):
            returns.ask(order_id=order.pk, lines=[(line.pk, 1)], actor=buyer, at=DELIVERED)
        claims.withdraw(claim_id=made.pk, actor=buyer, at=DELIVERED)
        a_return(order, at=DELIVERED)
        with pytest.raises(return_asking.AlreadyReturning):
            ask(order)

    def test_the_fault_is_sealed(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order)
        assert fresh(made).fault == FAULT
        assert FAULT not in str(FaultClaim.objects.values_list("fault", flat=True).query)


class TestExchange:
    def test_goes_there_and_back_and_takes_its_piece_off_the_shelf(self, order) -> None:  # type: ignore[no-untyped-def]
        listing_id = order.lines.get().listing_id
        claim = a_claim(order, at=DELIVERED, state="in_hand")
        assert (claim.state, claim.stock_taken, Stock.objects.get(pk=listing_id).on_hand) == ("in_hand", 1, 7)
        take(claim, "sent", at=DELIVERED + timedelta(days=4))
        take(fresh(claim), "arrived", at=DELIVERED + timedelta(days=5))
        assert fresh(claim).state == "arrived"
        take(fresh(claim), "done", at=DELIVERED + timedelta(days=6))
        assert fresh(claim).state == "done"
        assert not Deadline.objects.filter(reference=claim.pk, state="open").exists()

    def test_of_what_is_sold_out_pays_the_money_back(self) -> None:
        order = an_order(listing=a_listing(stock=1), delivered_at=DELIVERED)
        claim = a_claim(order, at=DELIVERED, state="in_hand")
        order.refresh_from_db()
        assert (claim.state, claim.stock_taken, order.state) == ("refunded", 0, OrderState.REFUNDED)
        assert order.refunded == order.total

    def test_that_nobody_sends_becomes_a_refund(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="in_hand")
        late = platform_at(claim.taken_on_at + timedelta(days=8))
        sweep_all(), drain(at=late)
        order.refresh_from_db()
        assert (fresh(claim).state, order.refunded_minor) == ("refunded", 3900)
        assert Stock.objects.get(pk=order.lines.get().listing_id).on_hand == 8

    def test_lost_on_its_way_to_the_buyer_pays_the_money_back(self, order) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="sent")
        scan(claim.shipments.get(claim_way="to_buyer"), "lost", at=DELIVERED + timedelta(days=6))
        order.refresh_from_db()
        assert (fresh(claim).state, order.refunded_minor) == ("refunded", 3900)
        # The lost piece isn't on the shelf again.
        assert Stock.objects.get(pk=order.lines.get().listing_id).on_hand == 7


class TestRepair:
    def test_over_our_days_lets_the_buyer_have_other_goods(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="in_hand", remedy="repair")
        buyer = Actor.buyer(order.subject_id)
        with pytest.raises(mending.RepairStillInTime):
            mending.demand_exchange(claim_id=claim.pk, actor=buyer, at=claim.taken_on_at)
        late = platform_at(claim.taken_on_at + timedelta(days=31))
        sweep_all(), drain(at=late)
        assert (fresh(claim).state, fresh(claim).remedy) == ("in_hand", "repair")
        mending.demand_exchange(claim_id=claim.pk, actor=buyer, at=late)
        assert (fresh(claim).remedy, fresh(claim).stock_taken) == ("exchange", 1)

    def test_on_the_laws_last_day_becomes_an_exchange_and_then_a_refund(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="in_hand", remedy="repair")
        late = platform_at(claim.posted_at + timedelta(days=92))
        sweep_all(), drain(at=late)
        assert (fresh(claim).state, fresh(claim).remedy) == ("in_hand", "exchange")
        later = platform_at(late + timedelta(days=9))
        sweep_all(), drain(at=later)
        assert fresh(claim).state == "refunded"

    def test_twice_of_one_fault_opens_the_exchange(self, order) -> None:  # type: ignore[no-untyped-def]
        first = a_claim(order, at=DELIVERED + timedelta(days=20), state="done", remedy="repair")
        second = a_claim(
            order, at=DELIVERED + timedelta(days=40), state="done", remedy="repair", repeats=first
        )
        late = DELIVERED + timedelta(days=60)
        with pytest.raises(asking.RemedyNotOpen):
            ask(order, at=late)
        with pytest.raises(asking.FaultUnknown):
            ask(order, at=late, repeats_id=an_order(at=DELIVERED).pk)
        third = ask(order, at=late, repeats_id=second.pk)
        assert (third.remedy, third.rule_id) == ("exchange", "cn.three_guarantees.repairs")


class TestSilence:
    def test_of_the_merchant_accepts(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = ask(order)
        late = platform_at(DELIVERED + timedelta(hours=49))
        sweep_all(), drain(at=late)
        assert fresh(claim).state == "accepted"
        with pytest.raises(IllegalMove):
            claims.refuse(claim_id=claim.pk, reason="没坏", actor=member_of(order), at=late)

    def test_of_the_buyer_who_never_posts_closes_and_another_may_be_made(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="accepted")
        late = platform_at(DELIVERED + timedelta(days=9))
        with pytest.raises(TooLate):
            claims.post(
                claim_id=claim.pk,
                tracking_number="SF5566778899",
                actor=Actor.buyer(order.subject_id),
                at=late,
            )
        sweep_all(), drain(at=late)
        assert fresh(claim).state == "closed"
        assert ask(order, at=late).state == "asked"

    def test_about_goods_that_came_back_admits_the_fault(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="received", remedy="repair")
        late = platform_at(claim.received_at + timedelta(hours=49))
        with pytest.raises(TooLate):
            claims.refuse(claim_id=claim.pk, reason="没坏", actor=member_of(order), at=late)
        sweep_all(), drain(at=late)
        assert fresh(claim).state == "in_hand"

    def test_about_a_refusal_becomes_a_complaint(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="received")
        at = claim.received_at + timedelta(hours=3)
        with pytest.raises(claims.NoReasonGiven):
            claims.refuse(claim_id=claim.pk, reason=" ", actor=member_of(order), at=at)
        claims.refuse(claim_id=claim.pk, reason="进水了，是人为损坏", actor=member_of(order), at=at)
        late = platform_at(at + timedelta(days=9))
        sweep_all(), drain(at=late)
        case = Complaint.objects.get(order=order)
        assert (case.category, case.wish, case.claimed_minor) == ("faulty", "exchange", 3900)
        assert fresh(claim).state == "closed"

    def test_after_it_came_back_counts_as_done(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="arrived")
        late = platform_at(claim.arrived_at + timedelta(days=9))
        sweep_all(), drain(at=late)
        assert fresh(claim).state == "done"

    def test_of_a_carrier_that_never_saw_the_parcel_closes(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="posted")
        late = platform_at(claim.posted_at + timedelta(days=9))
        sweep_all(), drain(at=late)
        assert fresh(claim).state == "closed"


class TestMoneyWaits:
    def test_while_a_claim_is_open(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        claim = a_claim(order, at=DELIVERED, state="in_hand", remedy="repair")
        late = platform_at(order.settles_at + timedelta(days=1))
        sweep_all(), drain(at=late)
        with pytest.raises(settlement.MoneyHeld):
            settlement.settle(order_id=order.pk, actor=Actor.system(), at=late)
        order.refresh_from_db()
        assert order.state == OrderState.DELIVERED
        take(claim, "sent", at=late), take(fresh(claim), "arrived", at=late)
        take(fresh(claim), "done", at=late)
        order.refresh_from_db()
        assert order.state == OrderState.SETTLED
