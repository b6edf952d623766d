"""Coupons and threshold offers from the cart to the refund, with every sum worked out in the test."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kernel.actor import Actor
from kernel.money import Money
from orders import asking, cancellation, cart, checkout, fulfilment, invariants
from orders.models import Coupon, LineDiscount, Order, OrderLine
from orders.promotions import claiming, offering
from payments import capture
from payments.models import Payment
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, drain, pay
from tests.builders.promotions import a_coupon, a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


def put(subject: UUID, listing: Any, quantity: int = 1) -> None:
    actor = Actor.buyer(subject)
    cart.put(subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=actor, at=ORDERED)


def place(subject: UUID, *, at: Any = LATER, **more: Any) -> checkout.Checkout:
    actor = Actor.buyer(subject)
    return checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=at, **more
    )


@pytest.fixture
def two_lines() -> tuple[UUID, Any]:
    """200.00 and 2 × 50.00 of one shop in a cart, and freight 10.00 each."""
    shop, subject = a_merchant(), a_subject()
    put(subject, a_listing(merchant=shop, price="200.00", freight="10.00"))
    put(subject, a_listing(merchant=shop, price="50.00", freight="10.00"), 2)
    return subject, shop


def lines_of(done: checkout.Checkout) -> list[OrderLine]:
    return list(OrderLine.objects.of_order(done.orders[0].pk))


class TestAtTheCheckout:
    def test_a_threshold_offer_comes_off_by_itself_line_by_line(self, two_lines: Any) -> None:
        subject, shop = two_lines
        offer = a_promotion(shop)
        done = place(subject)
        order = done.orders[0]
        # 30.00 off 300.00: 200/300 of it is 20.00, 100/300 is 10.00.
        assert [line.discount_minor for line in lines_of(done)] == [2000, 1000]
        assert (order.goods, order.discount, order.total - order.freight) == (
            Money(30000),
            Money(3000),
            Money(27000),
        )
        assert {(row.kind, row.reference) for row in LineDiscount.objects.all()} == {("threshold", offer.pk)}
        assert invariants.all_offences() == []

    def test_then_the_best_coupon_of_what_is_left(self, two_lines: Any) -> None:
        subject, shop = two_lines
        a_promotion(shop)
        small = a_coupon(shop, subject, from_minor=10000, off_minor=500)
        best = a_coupon(shop, subject, from_minor=27000, off_minor=2000)
        done = place(subject)
        # 20.00 off 180.00 and 90.00: 13.33… and 6.66…; the fen left goes to the larger fraction.
        assert [line.discount_minor for line in lines_of(done)] == [2000 + 1333, 1000 + 667]
        best.refresh_from_db(), small.refresh_from_db()
        assert (best.used_at, best.purchase, small.used_at) == (LATER, done.orders[0].purchase, None)
        assert invariants.all_offences() == []

    def test_the_buyer_may_choose_another_or_none(self, two_lines: Any) -> None:
        subject, shop = two_lines
        a_coupon(shop, subject, from_minor=10000, off_minor=900)
        small = a_coupon(shop, subject, from_minor=10000, off_minor=300)
        found = cart.contents(subject_id=subject, at=LATER, picks={shop.pk: None})
        assert found.groups[0].discount == Money(0)
        done = place(subject, coupons={shop.pk: small.pk})
        assert sum(line.discount_minor for line in lines_of(done)) == 300

    def test_below_the_threshold_nothing_is_used(self, two_lines: Any) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, subject, from_minor=30001, off_minor=900)
        done = place(subject, coupons={shop.pk: coupon.pk})
        coupon.refresh_from_db()
        assert done.orders[0].discount == Money(0) and coupon.used_at is None

    def test_another_shops_goods_get_nothing_off(self, two_lines: Any) -> None:
        subject, shop = two_lines
        a_promotion(shop)
        put(subject, a_listing(price="500.00"))
        done = place(subject)
        assert sorted(order.discount_minor for order in done.orders) == [0, 3000]

    @pytest.mark.parametrize("state", ["used", "foreign", "over"])
    def test_refuses_a_coupon_that_cannot_be_used_and_charges_nothing(
        self, two_lines: Any, state: str
    ) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, a_subject() if state == "foreign" else subject, from_minor=100, off_minor=50)
        if state == "used":
            put(subject, a_listing(merchant=shop, price="9.00"))
            place(subject, coupons={shop.pk: coupon.pk})
            put(subject, a_listing(merchant=shop, price="9.00"))
        before = Order.objects.count()
        with pytest.raises(claiming.CouponUsed):
            place(
                subject,
                at=coupon.valid_until if state == "over" else LATER,
                coupons={shop.pk: coupon.pk},
            )
        assert Order.objects.count() == before

    def test_one_that_was_withdrawn_meanwhile_changes_the_sum_that_was_seen(self, two_lines: Any) -> None:
        subject, shop = two_lines
        offer = a_promotion(shop)
        seen = cart.contents(subject_id=subject, at=LATER).total
        offering.withdraw(promotion_id=offer.pk, merchant_id=shop.pk, actor=Actor.system(), at=LATER)
        with pytest.raises(checkout.CartChanged):
            place(subject, seen_total=seen)
        assert not Order.objects.exists()


class TestAfterwards:
    def test_what_goes_back_is_what_was_paid(self, two_lines: Any) -> None:
        subject, shop = two_lines
        a_promotion(shop)
        done = place(subject)
        second = lines_of(done)[1]
        # 2 × 50.00 less 10.00: 45.00 a piece.
        assert asking.paid(second).goods_minor == 9000

    def test_a_coupon_comes_back_when_nothing_stays(self, two_lines: Any) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, subject, from_minor=100, off_minor=50)
        done = place(subject)
        pay(done, at=LATER)
        late = coupon.valid_until - timedelta(hours=1)
        order = done.orders[0]
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(subject), at=late)
        drain(at=late)
        coupon.refresh_from_db()
        assert (coupon.used_at, coupon.purchase) == (None, None)
        # Good for a week more, though the promotion ends in an hour.
        assert coupon.valid_until == late + timedelta(days=7)
        assert Coupon.objects.of_person(subject).usable(late).exists()
        assert invariants.all_offences() == []

    def test_an_unpaid_purchase_gives_it_back_and_late_money_takes_it_again(self, two_lines: Any) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, subject, from_minor=100, off_minor=50)
        done = place(subject)
        order = done.orders[0]
        cancellation.expire(purchase_id=order.purchase_id, at=LATER + timedelta(hours=1))
        drain(at=LATER + timedelta(hours=1))
        assert Coupon.objects.get(pk=coupon.pk).used_at is None
        claiming.use_again(order_id=order.pk, at=LATER + timedelta(hours=2))
        assert Coupon.objects.get(pk=coupon.pk).purchase_id == order.purchase_id

    def test_late_money_finds_its_coupon_used_elsewhere_and_all_of_it_goes_back(self, two_lines: Any) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, subject, from_minor=100, off_minor=50)
        first = place(subject)
        ended = LATER + timedelta(hours=1)
        cancellation.expire(purchase_id=first.orders[0].purchase_id, at=ended)
        drain(at=ended)
        put(subject, a_listing(merchant=shop, price="10.00"))
        second = place(subject, at=ended)
        pay(first, at=ended, choice="late")
        order = Order.objects.get(pk=first.orders[0].pk)
        assert (order.state, order.left) == ("expired", Money(0))
        coupon.refresh_from_db()
        assert coupon.purchase_id == second.orders[0].purchase_id
        assert invariants.all_offences() == []

    def test_late_money_takes_its_coupon_in_the_same_instant(self, two_lines: Any) -> None:
        subject, shop = two_lines
        coupon = a_coupon(shop, subject, from_minor=100, off_minor=50)
        done = place(subject)
        ended = LATER + timedelta(hours=1)
        cancellation.expire(purchase_id=done.orders[0].purchase_id, at=ended)
        drain(at=ended)
        payment = Payment.objects.get(pk=done.payment.pk)
        capture.record(
            payment_id=payment.pk,
            provider="sandbox",
            charge_id="ch_late",
            amount=payment.amount,
            actor=Actor.provider("sandbox"),
            at=ended,
        )
        fulfilment.mark_paid(payment_id=payment.pk, actor=Actor.provider("sandbox"), at=ended)
        # Before any event of it was handled.
        coupon.refresh_from_db()
        assert coupon.purchase_id == done.orders[0].purchase_id
