"""Points at the checkout: up to the policy's share, beside cards, by their owner; earned by what is paid."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from kernel.money import Money
from orders import cart, checkout, earning, paying_with, refunding, settlement, taking_back
from orders.models import Order
from orders.paying_with import PayWith
from payments import ledger, tenders
from payments.invariants import all_offences, settle_constraints
from payments.models import PointsLot, Tender
from payments.points import spending
from payments.tender_models import Means
from privacy import minors
from privacy import spending as spending_limits
from privacy.models import AgeBand
from tests.builders.gift_cards import a_card
from tests.builders.money import some_points
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order, deliver, drain, pay, ship
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
BEFORE = ORDERED - timedelta(days=1)
SYSTEM = Actor.system()


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


@pytest.fixture
def buyer() -> UUID:
    return a_buyer(at=ORDERED - timedelta(days=3)).subject_id


def place(
    buyer: UUID, *prices: str, cards: int = 0, points: int = 0, actor: Actor | None = None
) -> checkout.Checkout:
    actor = actor or Actor.buyer(buyer)
    for price in prices:
        listing = a_listing(price=price, freight="0.00")
        cart.put(subject_id=buyer, listing_id=listing.pk, quantity=1, actor=actor, at=ORDERED)
    return checkout.place_orders(
        subject_id=buyer,
        recipient=LIN_WEI,
        confirmations={},
        pay_with=PayWith(cards_minor=cards, points_minor=points),
        actor=actor,
        at=ORDERED,
    )


def settled(order: Order) -> Order:
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=ORDERED + timedelta(days=2))
    order = Order.objects.get(pk=order.pk)
    assert order.settles_at is not None
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    drain(at=order.settles_at)
    return Order.objects.get(pk=order.pk)


class TestCheckout:
    def test_cards_and_points_pay_each_order_in_proportion(self, buyer: UUID) -> None:
        """150.00 with 60.00 in points and 45.00 from a card: 2/3 of each for the dear order."""
        some_points(10_000, owner=buyer, at=BEFORE)
        card = a_card(20_000, buyer=buyer, holder=buyer, at=BEFORE)
        done = place(buyer, "100.00", "50.00", cards=4_500, points=6_000)
        assert done.payment.due == Money(4_500)
        dear, cheap = sorted(done.orders, key=lambda one: -one.total_minor)
        paid = {
            (one.part.reference, one.means): one.amount_minor for one in Tender.objects.select_related("part")
        }
        assert paid == {
            (dear.pk, Means.POINTS): 4_000,
            (cheap.pk, Means.POINTS): 2_000,
            (dear.pk, Means.CARD): 3_000,
            (cheap.pk, Means.CARD): 1_500,
        }
        assert ledger.balance(card.account) == Money(15_500)
        assert spending.balance(buyer, at=ORDERED) == Money(4_000)
        pay(done, at=ORDERED + timedelta(minutes=5))
        assert tenders.paid_with(dear.pk)[Means.POINTS] == Money(4_000)

    @pytest.mark.parametrize(
        ("cards", "points", "refusal"),
        [
            (0, 5_001, paying_with.PointsAboveShare),
            (0, -1, paying_with.PointsAboveShare),
            (9_001, 1_000, paying_with.TenderAboveTotal),
            (0, 4_001, tenders.TenderSpent),
        ],
        ids=["above the share", "below nothing", "with cards above the total", "more than there is"],
    )
    def test_refuses(self, buyer: UUID, cards: int, points: int, refusal: type[DomainError]) -> None:
        some_points(4_000, owner=buyer, at=BEFORE)
        with pytest.raises(refusal):
            place(buyer, "100.00", cards=cards, points=points)
        assert not Order.objects.exists()
        assert spending.balance(buyer, at=ORDERED) == Money(4_000)

    def test_nobody_else_spends_them(self, buyer: UUID) -> None:
        some_points(4_000, owner=buyer, at=BEFORE)
        proxy = Actor.proxy(buyer, by=new_id(), mandate_id=new_id())
        with pytest.raises(paying_with.OthersWallet):
            place(buyer, "100.00", points=1_000, actor=proxy)
        assert not Order.objects.exists()

    def test_a_child_s_limit_counts_the_whole_price(self) -> None:
        child = a_buyer("小安", at=ORDERED - timedelta(days=3))
        some_points(5_000, owner=child.subject_id, at=BEFORE)
        minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_8_TO_13, actor=child.actor, at=BEFORE)
        with pytest.raises(spending_limits.GuardianFirst):
            place(child.subject_id, "100.00", points=5_000)
        assert spending.balance(child.subject_id, at=ORDERED) == Money(5_000)


class TestEarning:
    def test_what_points_paid_earns_nothing(self, buyer: UUID) -> None:
        some_points(5_000, owner=buyer, at=BEFORE)
        done = place(buyer, "100.00", points=5_000)
        pay(done, at=ORDERED + timedelta(minutes=5))
        order = settled(done.orders[0])
        lot = PointsLot.objects.get(reference=order.pk, kind="earned")
        assert (lot.basis_minor, lot.amount_minor) == (5_000, 50)

    def test_a_refund_afterwards_takes_its_part_back(self, buyer: UUID) -> None:
        order = settled(an_order(listing=a_listing(price="100.00", freight="0.00"), subject_id=buyer))
        assert spending.balance(buyer, at=ORDERED) == Money(100)
        _give_back(order, 3_333)
        assert PointsLot.objects.get(kind="earned").taken_minor == 100 - 66
        _give_back(order, 6_667, purpose="rest")
        assert PointsLot.objects.get(kind="earned").taken_minor == 100

    def test_a_refund_before_the_settlement_leaves_less_to_earn(self, buyer: UUID) -> None:
        order = an_order(listing=a_listing(price="100.00", freight="0.00"), subject_id=buyer)
        at = ORDERED + timedelta(minutes=10)
        refunding.refund_part(order_id=order.pk, amount=Money(4_000), purpose="case:1", actor=SYSTEM, at=at)
        settled(order)
        assert PointsLot.objects.get(kind="earned").amount_minor == 60

    def test_guests_earn_nothing(self) -> None:
        settled(an_order(listing=a_listing(price="100.00"), subject_id=a_subject()))
        assert not PointsLot.objects.filter(kind="earned").exists()

    def test_told_twice_is_once(self, buyer: UUID) -> None:
        order = settled(an_order(listing=a_listing(price="100.00", freight="0.00"), subject_id=buyer))
        fact = earning.OrderSettled(order.pk, order.merchant_id, buyer, 10_000, 200)
        earning.on_order_settled(fact, at=ORDERED + timedelta(days=60))
        assert PointsLot.objects.get(kind="earned").amount_minor == 100


def _give_back(order: Order, fen: int, purpose: str = "case:1") -> None:
    """As a case decided after the settlement does: the shop's money comes back first."""
    at = order.settled_at
    assert at is not None
    order = Order.objects.locked(order.pk)
    taking_back.fill(order, Money(fen), purpose=f"back:{purpose}", actor=SYSTEM, at=at)
    refunding.give_back(order, amount=Money(fen), purpose=purpose, actor=SYSTEM, at=at)


def test_a_refund_over_provider_card_and_points_in_three_parts(buyer: UUID) -> None:
    """99.99 by provider 49.99, card 30.00 and points 20.00; 33.33 goes back three times.

    The running share is rounded down for the provider first, then for what is left: after 33.33 it is
    4999 x 3333 / 9999 = 1666, then 3000 x 1667 / 5000 = 1000, then the rest, 667; after 66.66 it is 3332,
    then 3000 x 3334 / 5000 = 2000, then 1334. Each part is the difference, and all of them are the whole.
    """
    some_points(2_000, owner=buyer, at=BEFORE)
    card = a_card(20_000, buyer=buyer, holder=buyer, at=BEFORE)
    done = place(buyer, "99.99", cards=3_000, points=2_000)
    assert done.payment.due == Money(4_999)
    pay(done, at=ORDERED + timedelta(minutes=5))
    (order,) = done.orders
    assert [one.means for one in Tender.objects.order_by("position")] == [Means.CARD, Means.POINTS]
    parts = []
    for number in range(3):
        purpose = f"case:{number}"
        at = ORDERED + timedelta(hours=1 + number)
        told = tenders.preview(order.pk, Money(3_333))
        refunding.refund_part(order_id=order.pk, amount=Money(3_333), purpose=purpose, actor=SYSTEM, at=at)
        gone = tenders.gone_back(order.pk, purpose)
        assert gone == told, "what the page told before is what went back"
        parts.append([gone[means].minor for means in (Means.PROVIDER, Means.CARD, Means.POINTS)])
    assert parts == [[1_666, 1_000, 667], [1_666, 1_000, 667], [1_667, 1_000, 666]]
    assert [sum(column) for column in zip(*parts, strict=True)] == [4_999, 3_000, 2_000]
    assert spending.balance(buyer, at=ORDERED + timedelta(hours=5)) == Money(2_000)
    assert ledger.balance(card.account) == Money(20_000)
