"""Refund sums worked out by hand, run through the use cases, and told before by the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from orders import cart, checkout, invariants, returns
from orders.models import Order
from orders.paying_with import PayWith
from payments import tenders
from payments.invariants import all_offences, settle_constraints
from payments.tender_models import Means
from tests.builders.freight import EAST, a_template
from tests.builders.gift_cards import a_card
from tests.builders.money import some_points
from tests.builders.orders import (
    LIN_WEI,
    ORDERED,
    a_subject,
    a_tracking_number,
    an_order,
    deliver,
    drain,
    pay,
    scan,
    ship,
)
from tests.builders.people import a_buyer
from tests.builders.promotions import a_coupon, a_gift, a_promotion
from tests.builders.set_orders import an_order_of_sets
from tests.builders.sets import a_set, teaware
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
LATER = DELIVERED + timedelta(days=1)


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == [] and invariants.all_offences() == []


def bought(subject: UUID, *goods: tuple[object, int], **more: object) -> Order:
    """Delivered, all of one shop: (listing, pieces)."""
    (order,) = bought_of_several(subject, *goods, **more)
    return order


def bought_of_several(subject: UUID, *goods: tuple[object, int], **more: object) -> list[Order]:
    """Delivered, in one purchase: an order for each shop."""
    actor = Actor.buyer(subject)
    for listing, pieces in goods:
        cart.put(subject_id=subject, listing_id=listing.pk, quantity=pieces, actor=actor, at=ORDERED)  # type: ignore[attr-defined]
    done = checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED, **more
    )  # type: ignore[arg-type]
    pay(done, at=ORDERED + timedelta(minutes=5))
    for order in done.orders:
        ship(order, at=ORDERED + timedelta(hours=6))
        deliver(order, at=DELIVERED)
    return [Order.objects.with_lines().get(pk=order.pk) for order in done.orders]


def told(order: Order, lines: str) -> int:
    """What `manage refund_quote --json` says, goods and freight in each step and in all."""
    out = StringIO()
    with clock.frozen(LATER), pytest.raises(SystemExit) as left:
        call_command("refund_quote", "--order", order.number, "--lines", lines, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert left.value.code == 0, answer
    for step in answer["steps"]:
        assert step["amount_minor"] == step["goods_minor"] + step["freight_minor"]
    assert answer["amount_minor"] == answer["goods_minor"] + answer["freight_minor"]
    return int(answer["amount_minor"])


def back(order: Order, lines: str) -> int:
    """Sent back ("line:pieces,…") and paid; the sum in fen, as the command had told it."""
    before = told(order, lines)
    every = {line.position: line.pk for line in order.lines.all()}
    picked = [
        (every[int(place)], int(units)) for place, units in (one.split(":") for one in lines.split(","))
    ]
    buyer = Actor.buyer(order.subject_id)
    made = returns.ask(order_id=order.pk, lines=picked, kind="no_reason", actor=buyer, at=LATER)
    returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=LATER)
    scan(made.shipments.get(), "delivered", at=LATER + timedelta(hours=1))
    known = Order.objects.get(pk=order.pk).refunded_minor
    returns.refund(return_id=made.pk, actor=Actor.system(), at=LATER + timedelta(hours=2))
    drain(at=LATER + timedelta(hours=2))
    paid = Order.objects.get(pk=order.pk).refunded_minor - known
    assert paid == before, "what was told is what was paid"
    return paid


def test_indivisible_thirds_of_the_freight() -> None:
    # 3 x 39.00 = 117.00 and 10.00 of freight. 10.00 / 3 = 3.33, 3.33 and the fen left: 3.34.
    order = an_order(listing=a_listing(price="39.00", freight="10.00"), quantity=3, delivered_at=DELIVERED)
    # 39.00 + 3.33 = 42.33; again 42.33; 39.00 + 3.34 = 42.34. 42.33 + 42.33 + 42.34 = 127.00.
    assert [back(order, "1:1") for _piece in range(3)] == [4233, 4233, 4234]


def test_two_at_once_are_the_same_as_two_one_by_one() -> None:
    order = an_order(listing=a_listing(price="39.00", freight="10.00"), quantity=3, delivered_at=DELIVERED)
    # 2 x 39.00 + 6.66 = 84.66; then 39.00 + 3.34 = 42.34. Together 127.00.
    assert [back(order, "1:2"), back(order, "1:1")] == [8466, 4234]


def test_a_threshold_that_the_rest_no_longer_reaches() -> None:
    shop = a_merchant()
    a_promotion(shop, from_minor=10_000, off_minor=2_000, at=ORDERED)
    # 2 x 60.00 = 120.00, less 20.00 from 100.00 on: paid 100.00.
    order = bought(a_subject(), (a_listing(merchant=shop, price="60.00"), 2))
    assert order.total == Money(10_000)
    # One stays and costs its 60.00, for 60.00 is below 100.00: 100.00 - 60.00 = 40.00. Then the 60.00.
    assert [back(order, "1:1"), back(order, "1:1")] == [4000, 6000]


def test_a_coupon_over_two_lines_goes_back_with_each() -> None:
    shop, subject = a_merchant(), a_subject()
    a_coupon(shop, subject, from_minor=10_000, off_minor=1_500)
    first, second = a_listing(merchant=shop, price="200.00"), a_listing(merchant=shop, price="100.00")
    order = bought(subject, (first, 1), (second, 1))
    # 15.00 off 300.00: 10.00 of the 200.00, 5.00 of the 100.00; paid 190.00 + 95.00 = 285.00.
    assert order.total == Money(28_500)
    by_price = {line.total_minor: line.position for line in order.lines.all()}
    # 200.00 stay, still from 100.00 on: the second gives back its 95.00. Then the first its 190.00.
    assert [back(order, f"{by_price[10_000]}:1"), back(order, f"{by_price[20_000]}:1")] == [9500, 19_000]


def test_a_coupon_in_a_purchase_from_two_shops_is_only_its_own_shop_s() -> None:
    shop, other, subject = a_merchant(), a_merchant(), a_subject()
    a_coupon(shop, subject, from_minor=10_000, off_minor=1_500)
    goods = a_listing(merchant=shop, price="120.00"), a_listing(merchant=other, price="80.00")
    orders = {one.merchant_id: one for one in bought_of_several(subject, *((one, 1) for one in goods))}
    # 120.00 - 15.00 = 105.00 of the one shop, 80.00 of the other; each gives back what was paid there.
    assert [back(orders[one.pk], "1:1") for one in (shop, other)] == [10_500, 8000]


def test_freight_that_was_free_from_a_sum_is_owed_below_it() -> None:
    shop = a_merchant()
    # Free from 100.00 on; 6.00 for the first piece and 2.00 for each further one.
    template = str(a_template(shop, zones=({**EAST, "free_from_minor": 10_000},)).pk)
    goods = [a_listing(merchant=shop, price=one, freight_template=template) for one in ("60.00", "50.00")]
    order = bought(a_subject(), *((one, 1) for one in goods), destination="CN-SH")
    assert order.total == Money(11_000)
    by_price = {line.total_minor: line.position for line in order.lines.all()}
    # 60.00 stay, and sending them alone costs 6.00: 50.00 - 6.00 = 44.00. Then all the rest, 66.00.
    assert [back(order, f"{by_price[5000]}:1"), back(order, f"{by_price[6000]}:1")] == [4400, 6600]


def test_a_gift_that_is_kept_costs_what_was_stated() -> None:
    shop = a_merchant()
    pot, cup = a_listing(merchant=shop, price="60.00"), a_listing(merchant=shop, price="20.00")
    a_gift(shop, cup)
    # 2 x 60.00 = 120.00 earns a cup worth 20.00.
    order = bought(a_subject(), (pot, 2))
    # One pot stays: 60.00 no longer earn the cup, which is kept: 60.00 - 20.00 = 40.00.
    assert back(order, "1:1") == 4000


def test_a_gift_that_comes_along_costs_nothing() -> None:
    shop = a_merchant()
    pot, cup = a_listing(merchant=shop, price="60.00"), a_listing(merchant=shop, price="20.00")
    a_gift(shop, cup)
    order = bought(a_subject(), (pot, 2))
    assert back(order, "1:1,2:1") == 6000


def test_a_piece_of_a_set_leaves_the_other_at_its_single_price() -> None:
    pot, cup = teaware()
    # 80.00 and 20.00 alone, 90.00 together.
    order = an_order_of_sets(a_set(pot, cup, price="90.00"), delivered_at=DELIVERED)
    by_price = {line.revision.listing_id: line.position for line in order.lines.all()}
    # The pot stays at its 80.00: 90.00 - 80.00 = 10.00. Then the rest, 80.00.
    assert [back(order, f"{by_price[cup.pk]}:1"), back(order, f"{by_price[pot.pk]}:1")] == [1000, 8000]


def test_a_card_points_and_a_provider_each_get_their_running_share() -> None:
    buyer = a_buyer(at=ORDERED - timedelta(days=3)).subject_id
    some_points(2_000, owner=buyer, at=ORDERED - timedelta(days=1))
    a_card(20_000, buyer=buyer, holder=buyer, at=ORDERED - timedelta(days=1))
    # 3 x 33.33 = 99.99: card 30.00, points 20.00, provider 49.99.
    mixed = PayWith(cards_minor=3_000, points_minor=2_000)
    order = bought(buyer, (a_listing(price="33.33", freight="0.00"), 3), pay_with=mixed)
    parts = []
    for _piece in range(3):
        foreseen = tenders.preview(order.pk, Money(3_333))
        assert back(order, "1:1") == 3333
        parts.append([foreseen[means].minor for means in (Means.PROVIDER, Means.CARD, Means.POINTS)])
    # 4999 x 3333 / 9999 = 1666.3 → 16.66; of the 16.67 left the card 30/50: 10.00; the points 6.67.
    # 49.99 = 16.66 + 16.66 + 16.67; 30.00 = 3 x 10.00; 20.00 = 6.67 + 6.67 + 6.66.
    assert parts == [[1666, 1000, 667], [1666, 1000, 667], [1667, 1000, 666]]
