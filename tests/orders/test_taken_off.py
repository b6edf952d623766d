"""What came off an order is named cause by cause: on every page, paper, letter and in the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from notifications.models import Letter
from orders.models import Order
from orders.promotions import causes
from payments.models import Payment
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.people import Person, a_buyer, a_member
from tests.builders.promotions import a_coupon, a_promotion
from tests.builders.set_orders import put_set
from tests.builders.sets import a_set, teaware
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


@pytest.fixture
def bought() -> tuple[Person, Order]:
    """A set (100.00 alone, 70.00) and a tray for 150.00: 30.00 off from 200.00, a coupon of 19.00."""
    buyer, (pot, cup) = a_buyer(), teaware()
    tray = a_listing(merchant=pot.merchant, title="竹茶盘", price="150.00")
    put_set(buyer.subject_id, a_set(pot, cup))
    a_promotion(pot.merchant)
    a_coupon(pot.merchant, buyer.subject_id, from_minor=10000, off_minor=1900, names={"zh-hans": "老客券"})
    with clock.frozen(LATER):
        shopping.put_in_cart(buyer.client, tray)
        order = shopping.buy(buyer.client, LATER)[0]
    return buyer, Order.objects.with_lines().get(pk=order.pk)


def test_each_cause_has_its_sum_and_they_make_the_whole(bought: Any) -> None:
    _buyer, order = bought
    found = causes.of_order(order)
    # 250.00 alone: the set takes 30.00 off, the offer 30.00 of 220.00, the coupon 19.00 of 190.00.
    assert [(each.kind, each.amount) for each in found] == [
        ("set", Money(3000)),
        ("threshold", Money(3000)),
        ("coupon", Money(1900)),
    ]
    assert order.discount == Money(7900) and order.total == Money(17100)
    for line in order.lines.all():
        off = [each.by_line[line.pk].minor for each in found if line.pk in each.by_line]
        assert sum(off) == line.discount_minor


def test_two_statements_whatever_came_off_and_none_where_nothing_did(bought: Any) -> None:
    _buyer, order = bought
    plain = an_order()
    with CaptureQueriesContext(connection) as asked:
        causes.of_orders([order, plain])
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        assert causes.of_order(plain) == ()
    assert not asked


NAMES = ("套装“茶席两件套”", "优惠“满两百减三十”", "优惠券“老客券”", "−¥30.00", "−¥19.00")


def test_the_buyer_s_pages_name_them(bought: Any) -> None:
    buyer, order = bought
    with clock.frozen(LATER):
        number = Payment.objects.get(pk=order.payment_id).number
        pages = [
            reverse("orders:order", args=[order.number]),
            reverse("orders:contract", args=[order.number]),
            reverse("orders:receipt", args=[number]),
        ]
        for address in pages:
            shown = buyer.client.get(address).content.decode()
            assert all(name in shown for name in NAMES), address


def test_the_shop_s_page_names_them(bought: Any) -> None:
    _buyer, order = bought
    owner = a_member(order.merchant)
    address = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    with clock.frozen(LATER):
        shown = owner.client.get(address).content.decode()
    assert all(name in shown for name in NAMES)


def test_the_letter_names_them(bought: Any) -> None:
    buyer, _order = bought
    drain(at=LATER)
    letter = Letter.objects.get(subject_id=buyer.subject_id, kind="orders.order_paid_less")
    assert letter.params["taken"] == (
        "套装“茶席两件套” −¥30.00，优惠“满两百减三十” −¥30.00，优惠券“老客券” −¥19.00"
    )
