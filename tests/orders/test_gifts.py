"""Gifts with a purchase: who earns one, the last one, what is kept and sent back; every rule also by SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog import stock
from catalog.models import Deal, Listing, Stock
from kernel.actor import Actor
from orders import asking, cancellation, cart, checkout, invariants, returns
from orders.models import Order, Promotion, Return
from orders.promotions import gifts, offering
from tests.builders.orders import (
    LIN_WEI,
    ORDERED,
    a_subject,
    a_tracking_number,
    deliver,
    drain,
    pay,
    scan,
    ship,
)
from tests.builders.promotions import a_gift, sku_of
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
LATER = DELIVERED + timedelta(days=1)


@pytest.fixture
def goods() -> tuple[Listing, Listing, Promotion]:
    """A pot for 60.00, a cup for 20.00, and from 100.00 on a cup as a gift, at most three in all."""
    shop = a_merchant()
    pot = a_listing(merchant=shop, title="月白釉手作横手急须", price="60.00")
    cup = a_listing(merchant=shop, title="青瓷品茗杯", price="20.00")
    return pot, cup, a_gift(shop, cup, pieces=3)


def put(subject: Any, listing: Listing, quantity: int = 1) -> None:
    actor = Actor.buyer(subject)
    cart.put(subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=actor, at=ORDERED)


def order(subject: Any, **more: Any) -> Order:
    actor = Actor.buyer(subject)
    done = checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED, **more
    )
    pay(done, at=ORDERED + timedelta(minutes=5))
    return done.orders[0]


def delivered(pot: Listing, pieces: int = 2) -> Order:
    subject = a_subject()
    put(subject, pot, pieces)
    found = order(subject)
    ship(found, at=ORDERED + timedelta(hours=6))
    deliver(found, at=DELIVERED)
    return Order.objects.with_lines().get(pk=found.pk)


def groups(subject: Any) -> Any:
    return cart.contents(subject_id=subject, at=ORDERED).groups


class TestEarning:
    def test_below_the_sum_nothing_is_given(self, goods: Any) -> None:
        subject = a_subject()
        put(subject, goods[0])
        assert groups(subject)[0].gifts == ()

    def test_what_is_given_is_a_line_that_costs_nothing(self, goods: Any) -> None:
        pot, cup, offer = goods
        subject = a_subject()
        put(subject, pot, 2)
        found = order(subject)
        bought, given = found.lines.order_by("position")
        assert (found.total_minor, bought.total_minor, given.total_minor) == (12000, 12000, 0)
        assert (given.gift_id, given.gift_minor, given.listing_id) == (offer.pk, 2000, cup.pk)
        offer.refresh_from_db()
        assert offer.given == 1
        left = Stock.objects.get(pk=given.variant_id)
        assert left.available == 9
        assert not invariants.all_offences()

    def test_a_gift_is_no_deal_at_nothing(self, goods: Any) -> None:
        pot, cup, _offer = goods
        subject = a_subject()
        put(subject, pot, 2)
        order(subject)
        assert Deal.objects.filter(listing=pot).exists() and not Deal.objects.filter(listing=cup).exists()

    def test_who_does_not_want_it_goes_without(self, goods: Any) -> None:
        subject = a_subject()
        put(subject, goods[0], 2)
        found = order(subject, without_gifts=[goods[2].pk])
        assert found.lines.count() == 1 and found.total_minor == 12000
        assert Promotion.objects.get(pk=goods[2].pk).given == 0

    def test_goods_by_their_code(self, goods: Any) -> None:
        pot, cup, _offer = goods
        a_gift(pot.merchant, cup, from_minor=0, with_sku=sku_of(pot), names={"zh-hans": "买壶送杯"})
        subject = a_subject()
        put(subject, pot)
        assert [str(each.promotion) for each in groups(subject)[0].gifts] == ["买壶送杯"]

    def test_a_thing_that_is_off_sale_is_not_given(self, goods: Any) -> None:
        subject = a_subject()
        put(subject, goods[0], 2)
        Listing.objects.filter(pk=goods[1].pk).update(state="withdrawn")
        assert groups(subject)[0].gifts == ()

    def test_what_is_bought_of_it_comes_first(self, goods: Any) -> None:
        pot, cup, _offer = goods
        subject = a_subject()
        put(subject, pot, 2)
        put(subject, cup, 10)
        assert groups(subject)[0].gifts == ()

    def test_another_shop_s_goods_earn_nothing(self, goods: Any) -> None:
        subject = a_subject()
        put(subject, a_listing(price="500.00"))
        put(subject, goods[0])
        assert all(not group.gifts for group in groups(subject))


class TestTheLastOne:
    def test_goes_to_one_buyer_only(self, goods: Any) -> None:
        pot, cup, _offer = goods
        only = a_gift(pot.merchant, cup, pieces=1, names={"zh-hans": "限量一份"})
        gift = gifts.load([only.pk])[pot.merchant_id][0]
        gifts.give([gift])
        with pytest.raises(gifts.GiftsGone):
            gifts.give([gift])
        only.refresh_from_db()
        assert only.given == 1 and pot.merchant_id not in gifts.load([])

    def test_is_counted_back_when_the_order_is_cancelled(self, goods: Any) -> None:
        subject = a_subject()
        put(subject, goods[0], 2)
        found = order(subject)
        cancellation.cancel(order_id=found.pk, actor=Actor.buyer(subject), at=ORDERED + timedelta(hours=1))
        drain(at=ORDERED + timedelta(hours=1))
        offer = Promotion.objects.get(pk=goods[2].pk)
        assert offer.given == 0
        assert stock.pieces(goods[1])[goods[1].pk].available == 10


class TestReturn:
    """Two pots for 60.00 and a cup worth 20.00; below 100.00 the cup isn't earned."""

    def ask(
        self, found: Order, *picked: tuple[int, int], at: datetime = LATER, kind: str = "no_reason"
    ) -> Return:
        every = list(found.lines.order_by("position"))
        lines = [(every[number].pk, units) for number, units in picked]
        actor = Actor.buyer(found.subject_id)
        return returns.ask(order_id=found.pk, lines=lines, kind=kind, actor=actor, at=at)

    def refunded(self, made: Return, *, at: datetime = LATER + timedelta(days=1)) -> int:
        buyer = Actor.buyer(made.subject_id)
        returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
        scan(made.shipments.get(), "delivered", at=at + timedelta(hours=1))
        returns.refund(return_id=made.pk, actor=Actor.system(), at=at + timedelta(hours=2))
        drain(at=at + timedelta(hours=2))
        made.refresh_from_db()
        return made.amount_minor

    def test_a_kept_gift_costs_its_stated_value(self, goods: Any) -> None:
        assert self.ask(delivered(goods[0]), (0, 1)).amount_minor == 6000 - 2000

    def test_sent_back_with_the_goods_nothing_comes_off(self, goods: Any) -> None:
        assert self.ask(delivered(goods[0]), (0, 1), (1, 1)).amount_minor == 6000

    def test_the_rest_earns_it_still(self, goods: Any) -> None:
        assert self.ask(delivered(goods[0], 3), (0, 1)).amount_minor == 6000

    def test_sent_back_later_its_value_comes_back(self, goods: Any) -> None:
        found = delivered(goods[0])
        assert self.refunded(self.ask(found, (0, 1))) == 4000
        later = self.ask(found, (1, 1), at=LATER + timedelta(days=2))
        assert self.refunded(later, at=LATER + timedelta(days=3)) == 2000
        last = self.ask(found, (0, 1), at=LATER + timedelta(days=4))
        assert self.refunded(last, at=LATER + timedelta(days=5)) == 6000
        found.refresh_from_db()
        assert (found.refunded_minor, found.state) == (12000, "refunded")
        assert not invariants.all_offences()

    def test_never_more_than_what_goes_back(self, goods: Any) -> None:
        """A cup for 20.00 given from 5.00 on: whoever sends back 10.00 pays nothing on top."""
        pot, cup, offer = goods
        offering.withdraw(
            promotion_id=offer.pk, merchant_id=pot.merchant_id, actor=Actor.system(), at=ORDERED
        )
        a_gift(pot.merchant, cup, from_minor=1000)
        cheap = a_listing(merchant=pot.merchant, title="茶针", price="10.00")
        assert self.ask(delivered(cheap, 1), (0, 1)).amount_minor == 0

    def test_what_is_faulty_costs_no_gift(self, goods: Any) -> None:
        assert self.ask(delivered(goods[0]), (0, 1), kind="quality").amount_minor == 6000

    def test_a_faulty_gift_goes_back_like_anything(self, goods: Any) -> None:
        assert self.ask(delivered(goods[0]), (1, 1), kind="quality").amount_minor == 0

    def test_the_sum_says_how_it_came_about(self, goods: Any) -> None:
        found = delivered(goods[0])
        line = found.lines.get(position=1)
        parts = asking.check(found, lines=[(line.pk, 1)], kind="no_reason", at=LATER).parts
        assert (parts.whole.amount.minor, parts.gifts.minor, parts.sum.amount.minor) == (6000, 2000, 4000)


class TestMaking:
    @pytest.mark.parametrize(
        ("changed", "refusal", "field"),
        [
            ({"gift_sku": "nothing"}, offering.GiftRefused, "gift_sku"),
            ({"gift_sku": ""}, offering.GiftRefused, "gift_sku"),
            ({"gift_pieces": 0}, offering.GiftRefused, "gift_sku"),
            ({"value": 2001}, offering.GiftRefused, "gift_value"),
            ({"value": -1}, offering.GiftRefused, "gift_value"),
            ({"from_minor": 0}, offering.GiftConditionMissing, "with_sku"),
            ({"with_sku": "nothing"}, offering.GiftConditionMissing, "with_sku"),
            ({"off_minor": 100}, offering.PromotionSumRefused, "off"),
        ],
        ids=lambda value: value.__name__ if isinstance(value, type) else None,
    )
    def test_refuses_with_the_field(self, goods: Any, changed: Any, refusal: Any, field: str) -> None:
        before = Promotion.objects.count()
        with pytest.raises(refusal) as refused:
            a_gift(goods[0].merchant, goods[1], **changed)
        assert refused.value.params["field"] == field
        assert Promotion.objects.count() == before

    def test_another_shop_s_thing_is_not_there(self, goods: Any) -> None:
        with pytest.raises(offering.GiftRefused):
            a_gift(a_merchant(), goods[1])
