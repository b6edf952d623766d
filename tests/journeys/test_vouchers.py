"""Services are bought, redeemed piece by piece by code, cancelled, or paid back when their time is over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from notifications.models import Letter
from orders import checkout, fulfilment
from orders.models import Order, PointCode
from orders.states import OrderState
from payments import escrow
from tests.builders.orders import ORDERED, a_checkout, drain, member_of, pay
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


@pytest.fixture
def buyer():
    return a_buyer()


def bought(shop, buyer, quantity=3):
    """So many at 30.00, good for a year from payment."""
    service = a_listing(merchant=shop, category="services", price="30.00", freight="0.00")
    done = a_checkout(listings=[(service, quantity)], subject_id=buyer.subject_id)
    pay(done, at=ORDERED)
    return Order.objects.get(pk=done.orders[0].pk)


def code_of(order):
    return PointCode.objects.live().get(order=order).code


def redeem(owner, shop, code, pieces):
    url = reverse("orders:merchant-codes", args=[shop.slug])
    told = {"code": code, "step": "take", "pieces": pieces, "idempotency_key": shopping.key()}
    return owner.client.post(url, told)


def test_over_http_from_the_checkout_to_the_code(shop, buyer):
    service = a_listing(merchant=shop, category="services", price="30.00", freight="0.00")
    shopping.put_in_cart(buyer.client, service)
    page = buyer.client.get(reverse("orders:checkout")).content.decode()
    assert "这些都不用寄，不需要地址" in page
    order = shopping.buy(buyer.client, ORDERED, address="")[0]
    assert (order.delivery, order.address, order.dispatch_by) == ("voucher", "", None)
    # 365 days from payment, to the end of the last one.
    assert order.collect_by.isoformat() == "2027-11-03T16:00:00+00:00"
    code = code_of(order)
    with clock.frozen(ORDERED):
        page = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
    assert f"{code[:4]} {code[4:]}" in page and "还剩 1 次没用" in page
    letter = Letter.objects.get(kind="orders.voucher_issued")
    assert code not in str(letter.params)


def test_redeemed_piece_by_piece_and_the_window_begins_with_the_last(shop, owner, buyer):
    order = bought(shop, buyer)
    code, line = code_of(order), order.lines.get()
    with clock.frozen(ORDERED + timedelta(days=1)):
        url = reverse("orders:merchant-codes", args=[shop.slug])
        assert "核销" in owner.client.post(url, {"code": code}).content.decode()
        assert redeem(owner, shop, code, 2).status_code == 303
        line.refresh_from_db(), order.refresh_from_db()
        assert (order.state, line.sent_quantity) == (OrderState.PAID, 2)
        for wrong in ("2", "0", "-1", "x", ""):
            assert redeem(owner, shop, code, wrong).status_code == 422
    last = ORDERED + timedelta(days=9)
    with clock.frozen(last):
        assert redeem(owner, shop, code, 1).status_code == 303
        assert redeem(owner, shop, code, 1).status_code == 422
    order.refresh_from_db()
    assert (order.state, order.delivered_at) == (OrderState.DELIVERED, last)
    assert escrow.balance(order.pk) == order.total and order.settles_at > last


def test_what_was_not_redeemed_goes_back_when_the_time_is_over(shop, owner, buyer, platform_at):
    order = bought(shop, buyer)
    with clock.frozen(ORDERED + timedelta(days=1)):
        redeem(owner, shop, code_of(order), 1)
    shopping.time_passes(ORDERED + timedelta(days=367))
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.DELIVERED, 6000)
    assert not PointCode.objects.live().exists()
    assert Letter.objects.filter(kind="orders.voucher_lapsed").count() == 1


def test_a_code_after_its_time_redeems_nothing(shop, owner, buyer):
    order = bought(shop, buyer)
    with clock.frozen(order.collect_by):
        assert redeem(owner, shop, code_of(order), 1).status_code == 422
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_cancelled_before_it_is_redeemed_all_of_it_goes_back(shop, owner, buyer):
    order = bought(shop, buyer)
    code = code_of(order)
    with clock.frozen(ORDERED + timedelta(days=40)):
        url = reverse("orders:cancellation", args=[order.number])
        assert buyer.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
        assert redeem(owner, shop, code, 1).status_code == 422
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.CANCELLED, 9000)


def test_a_new_code_ends_the_one_before(shop, owner, buyer):
    order = bought(shop, buyer)
    old, url = code_of(order), reverse("orders:voucher-code", args=[order.number, order.lines.get().pk])
    with clock.frozen(ORDERED):
        assert buyer.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
        assert redeem(owner, shop, old, 1).status_code == 422
        assert redeem(owner, shop, code_of(order), 1).status_code == 303


def test_another_shop_redeems_nothing(shop, buyer):
    order, other = bought(shop, buyer), a_merchant()
    with clock.frozen(ORDERED):
        assert redeem(a_member(other), other, code_of(order), 1).status_code == 422
    assert order.lines.get().sent_quantity == 0


def test_nothing_is_sent(shop, buyer):
    order = bought(shop, buyer)
    with pytest.raises(fulfilment.RedeemedNotSent):
        fulfilment.ship(order_id=order.pk, tracking_number="SF0000001", actor=member_of(order), at=ORDERED)
    drain(at=ORDERED)
    assert Order.objects.get(pk=order.pk).state == OrderState.PAID


def test_services_and_goods_of_a_shop_are_two_orders(shop):
    service = a_listing(merchant=shop, category="services", freight="0.00")
    with pytest.raises(checkout.VouchersApart):
        a_checkout(listings=[(service, 1), (a_listing(merchant=shop), 1)])
    assert not Order.objects.exists()
