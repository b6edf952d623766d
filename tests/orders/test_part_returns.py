"""A part of an order with an offer, a coupon or free freight sent back: what it gives, and how it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from kernel import clock
from kernel.actor import Actor
from orders import cart, invariants, part_returns, returns
from orders.models import Order, Return
from tests.builders.freight import EAST, a_template
from tests.builders.orders import ORDERED, a_checkout, a_tracking_number, deliver, drain, pay, scan, ship
from tests.builders.people import a_buyer
from tests.builders.promotions import a_coupon, a_promotion
from tests.builders.set_orders import checked_out
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
LATER = DELIVERED + timedelta(days=1)


def delivered(subject: Any, *prices: str, from_minor: int = 10000, coupon: int = 0) -> Order:
    """One order of a piece at each price; 30.00 off from 100.00, perhaps a coupon too."""
    shop = a_merchant()
    a_promotion(shop, from_minor=from_minor, off_minor=3000)
    if coupon:
        a_coupon(shop, subject, from_minor=coupon + 1, off_minor=coupon)
    goods = [(a_listing(merchant=shop, price=price), 1) for price in prices]
    done = a_checkout(listings=goods, subject_id=subject)
    pay(done, at=ORDERED + timedelta(minutes=5))
    order = done.orders[0]
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=DELIVERED)
    return Order.objects.with_lines().get(pk=order.pk)


def ask(order: Order, *positions: int, at: datetime = LATER, kind: str = "no_reason") -> Return:
    every = list(order.lines.order_by("position"))
    buyer = Actor.buyer(order.subject_id)
    picked = [(every[each].pk, 1) for each in positions]
    return returns.ask(order_id=order.pk, lines=picked, kind=kind, actor=buyer, at=at)


def refunded(made: Return, *, at: datetime = LATER + timedelta(days=1)) -> int:
    """The goods are back and inspected."""
    buyer = Actor.buyer(made.subject_id)
    returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
    scan(made.shipments.get(), "delivered", at=at + timedelta(hours=1))
    returns.refund(return_id=made.pk, actor=Actor.system(), at=at + timedelta(hours=2))
    drain(at=at + timedelta(hours=2))
    made.refresh_from_db()
    return made.amount_minor


class TestOffer:
    """60.00 and 50.00, 30.00 off from 100.00: 80.00 paid. See test_offer_refunds for the arithmetic."""

    @pytest.mark.parametrize(
        ("first", "gives", "then"), [(0, 3000, 5000), (1, 2000, 6000)], ids=["dear first", "cheap first"]
    )
    def test_below_the_threshold_the_rest_counts_without_it(self, first: int, gives: int, then: int) -> None:
        order = delivered(a_buyer().subject_id, "60.00", "50.00")
        assert refunded(ask(order, first)) == gives
        assert not invariants.all_offences()
        last = ask(order, 1 - first, at=LATER + timedelta(days=2))
        assert refunded(last, at=LATER + timedelta(days=3)) == then
        order.refresh_from_db()
        assert (order.refunded_minor, order.state) == (8000, "refunded")
        assert not invariants.all_offences()

    def test_two_on_their_way_at_once_give_back_all(self) -> None:
        """Each alone would leave the other; once the first is back, the second gives all that is left."""
        order = delivered(a_buyer().subject_id, "60.00", "50.00")
        first, second = ask(order, 0), ask(order, 1)
        assert (first.amount_minor, second.amount_minor) == (3000, 2000)
        assert refunded(first) == 3000
        assert refunded(second, at=LATER + timedelta(days=3)) == 5000
        order.refresh_from_db()
        assert order.refunded_minor == 8000 and not invariants.all_offences()

    def test_three_returns_asked_at_once_do_not_keep_the_offer(self) -> None:
        """60.00, 50.00 and 40.00: 120.00 paid. Two teas apart would each leave 100.00; both leave 60.00."""
        order = delivered(a_buyer().subject_id, "60.00", "50.00", "40.00")
        assert ask(order, 2).amount_minor == 3200
        assert ask(order, 1).amount_minor == 12000 - 3200 - 6000

    def test_what_is_faulty_goes_back_at_what_was_paid(self) -> None:
        order = delivered(a_buyer().subject_id, "60.00", "50.00")
        assert ask(order, 1, kind="quality").amount_minor == 3636

    def test_an_order_that_was_told_nothing_keeps_its_shares(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(part_returns, "recounts", lambda *_args, **_more: False)
        order = delivered(a_buyer().subject_id, "60.00", "50.00")
        assert not order.recounts
        assert ask(order, 1).amount_minor == 3636

    def test_with_a_coupon_each_piece_keeps_its_share_of_it(self) -> None:
        order = delivered(a_buyer().subject_id, "60.00", "50.00", coupon=800)
        assert ask(order, 1).amount_minor == 1636


class TestFreight:
    """60.00 and 50.00, sent free from 100.00 on, else 6.00 for the first piece."""

    def order(self, subject: Any) -> Order:
        shop = a_merchant()
        template = a_template(shop, zones=({**EAST, "free_from_minor": 10000},))
        for price in ("60.00", "50.00"):
            listing = a_listing(merchant=shop, price=price, freight_template=str(template.pk))
            actor = Actor.buyer(subject)
            cart.put(subject_id=subject, listing_id=listing.pk, quantity=1, actor=actor, at=ORDERED)
        done = checked_out(subject, destination="CN-SH")
        pay(done, at=ORDERED + timedelta(minutes=5))
        ship(done.orders[0], at=ORDERED + timedelta(hours=6))
        deliver(done.orders[0], at=DELIVERED)
        return Order.objects.with_lines().get(pk=done.orders[0].pk)

    def test_the_rest_owes_what_sending_it_would_have_cost(self) -> None:
        order = self.order(a_buyer().subject_id)
        assert (order.freight_minor, order.total_minor) == (0, 11000)
        assert refunded(ask(order, 1)) == 5000 - 600
        last = ask(order, 0, at=LATER + timedelta(days=2))
        assert refunded(last, at=LATER + timedelta(days=3)) == 6000 + 600
        order.refresh_from_db()
        assert (order.refunded_minor, order.state) == (11000, "refunded")
        assert not invariants.all_offences()

    def test_what_is_faulty_costs_no_freight(self) -> None:
        assert ask(self.order(a_buyer().subject_id), 1, kind="quality").amount_minor == 5000

    def test_the_page_names_it_with_its_rule(self) -> None:
        buyer = a_buyer()
        order = self.order(buyer.subject_id)
        line = order.lines.get(position=2)
        with clock.frozen(LATER):
            shown = buyer.client.post(
                reverse("orders:return-check", args=[order.number]),
                {f"line_{line.pk.hex}": "1", "kind": "no_reason"},
            ).content.decode()
        assert "满额免去的运费" in shown and "−¥6.00" in shown and "¥44.00" in shown
        assert "卖家退款时可以扣除发货运费" in shown


class TestPages:
    def test_what_is_told_before_buying(self) -> None:
        buyer, shop = a_buyer(), a_merchant()
        a_promotion(shop, from_minor=10000, off_minor=3000)
        listing = a_listing(merchant=shop, price="120.00")
        with clock.frozen(ORDERED + timedelta(hours=1)):
            buyer.client.post(reverse("orders:cart-lines"), {"listing": listing.pk, "quantity": 1})
            shown = buyer.client.get(reverse("orders:checkout")).content.decode()
        assert "留下的商品不足 ¥100.00，留下的就不再享受这项优惠" in shown

    def test_the_sum_is_explained_before_it_is_asked_for(self) -> None:
        buyer = a_buyer()
        order = delivered(buyer.subject_id, "60.00", "50.00")
        line = order.lines.get(position=2)
        with clock.frozen(LATER):
            shown = buyer.client.post(
                reverse("orders:return-check", args=[order.number]),
                {f"line_{line.pk.hex}": "1", "kind": "no_reason"},
            ).content.decode()
        assert "¥20.00" in shown and "留下的商品不再满足优惠条件" in shown
        assert "你留下的商品按下单当天的价格是 ¥60.00，不足 ¥100.00" in shown
        assert "按购买时各商品的价格重新计算" in shown


def test_nobody_changes_what_was_told() -> None:
    order = a_checkout().orders[0]
    assert order.recounts
    with (
        pytest.raises(Exception, match=r"an_order_recounts_as_it_was_told|Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE orders_order SET recounts = false WHERE id = %s", [order.pk])
    order.refresh_from_db()
    assert order.recounts
