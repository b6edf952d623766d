"""A part now, the rest later: the shop packs on the order's page, the buyer says of each that it came."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from kernel import clock
from orders.models import Order, Shipment
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping
from tests.journeys.shopping import later

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def test_a_part_now_and_the_rest_later():
    buyer, merchant = a_buyer(), a_merchant()
    listing = a_listing(merchant=merchant, price="20.00", stock=5)
    shop = a_member(merchant).client
    with clock.frozen(MORNING):
        shopping.put_in_cart(buyer.client, listing, 3)
        order = shopping.buy(buyer.client, MORNING)[0]
        address = reverse("orders:merchant-order", args=[merchant.slug, order.number])
        ship = reverse("orders:merchant-shipment", args=[merchant.slug, order.number])
        line = f"line_{order.lines.get().pk.hex}"
        page = shop.get(address)
        assert f'name="{line}" value="3"' in page.content.decode()
        told = {"tracking_number": "SF000011112", line: "4", "idempotency_key": shopping.key()}
        refused = shop.post(ship, told)
        assert refused.status_code == 422 and "SF000011112" in refused.content.decode()
        assert not Shipment.objects.exists()
        answer = shop.post(ship, {**told, line: "1", "idempotency_key": shopping.key()})
        assert answer.status_code == 303
        shopping.drain(MORNING)
    with clock.frozen(later(MORNING, days=1)):
        first = order.shipments.get()
        own = reverse("orders:order", args=[order.number])
        words = buyer.client.get(own).content.decode()
        assert "已寄出一部分" in words and "尚未寄出" in words and "SF000011112" in words
        arrived = reverse("orders:parcel-delivery", args=[order.number, first.pk])
        assert buyer.client.get(arrived).status_code == 200
        assert a_buyer().client.get(arrived).status_code == 404
        sent = buyer.client.post(arrived, {"idempotency_key": shopping.key()})
        assert sent.status_code == 303
        again = buyer.client.post(arrived, {"idempotency_key": shopping.key()})
        assert again.status_code == 409
        assert Order.objects.get(pk=order.pk).state == "paid"
        shopping.ship(shop, order, "SF000022223")
        shopping.drain(later(MORNING, days=1))
    second = later(MORNING, days=2)
    with clock.frozen(second):
        assert shopping.carrier_says("SF000022223", "delivered", second).status_code == 200
    order.refresh_from_db()
    assert (order.state, order.delivered_at) == ("delivered", second)


def test_the_buyer_gives_up_what_was_not_sent():
    buyer, merchant = a_buyer(), a_merchant()
    listing = a_listing(merchant=merchant, price="20.00", freight="3.00", stock=5)
    with clock.frozen(MORNING):
        shopping.put_in_cart(buyer.client, listing, 3)
        order = shopping.buy(buyer.client, MORNING)[0]
        ship = reverse("orders:merchant-shipment", args=[merchant.slug, order.number])
        told = {"tracking_number": "SF000033334", f"line_{order.lines.get().pk.hex}": "2"}
        a_member(merchant).client.post(ship, {**told, "idempotency_key": shopping.key()})
        cancel = reverse("orders:cancellation", args=[order.number])
        page = buyer.client.get(cancel).content.decode()
        assert "¥21.00" in page and "只取消未寄出的部分" in page
        assert buyer.client.post(cancel, {"idempotency_key": shopping.key()}).status_code == 303
        shopping.drain(MORNING)
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == ("shipped", 2100)
    words = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
    assert "已取消 1 件" in words and "未寄出的部分已取消" in words
