"""A gift from the shop's form to the buyer's return, as browsers without scripts send it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from orders.models import Order, Promotion
from tests.builders.orders import ORDERED, deliver, ship
from tests.builders.people import a_buyer, a_member
from tests.builders.promotions import sku_of
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
HOUR = ORDERED + timedelta(hours=1)
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def shop() -> Any:
    return a_merchant()


def made(shop: Any, cup: Any, **changed: str) -> Any:
    """The shop's answer to its form."""
    told = {
        "kind": "gift",
        "name_zh_hans": "满百送杯",
        "threshold": "100",
        "ends_on": "2026-11-16",
        "gift_sku": sku_of(cup),
        "gift_value": "18.00",
        "pieces": "3",
    }
    address = reverse("orders:merchant-promotions", args=[shop.slug])
    with clock.frozen(HOUR):
        return a_member(shop).client.post(address, told | changed)


def test_from_the_portal_to_the_return(shop: Any) -> None:
    pot = a_listing(merchant=shop, title="月白釉手作横手急须", price="60.00")
    cup = a_listing(merchant=shop, title="青瓷品茗杯", price="20.00")
    assert made(shop, cup).status_code == 303
    offer = Promotion.objects.get()
    assert (offer.kind, offer.gift_minor, offer.pieces, offer.given) == ("gift", 1800, 3, 0)
    buyer = a_buyer()
    with clock.frozen(HOUR):
        shown = buyer.client.get(reverse("orders:shop-promotions", args=[shop.slug])).content.decode()
        assert "满 ¥100.00 送 青瓷品茗杯 × 1" in shown
        shopping.put_in_cart(buyer.client, pot, 2)
        for address in ("orders:cart", "orders:checkout"):
            shown = buyer.client.get(reverse(address)).content.decode()
            assert "赠品，每件价值 ¥18.00" in shown and "免费" in shown
        order = shopping.buy(buyer.client, HOUR)[0]
    assert order.lines.count() == 2
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=DELIVERED)
    line = order.lines.get(position=1)
    with clock.frozen(DELIVERED + timedelta(days=1)):
        for address in ("orders:order", "orders:contract"):
            assert (
                "赠品，每件价值 ¥18.00"
                in buyer.client.get(reverse(address, args=[order.number])).content.decode()
            )
        told = {f"line_{line.pk.hex}": "1", "kind": "no_reason"}
        shown = buyer.client.post(reverse("orders:return-check", args=[order.number]), told).content.decode()
    assert "你留下的赠品" in shown and "−¥18.00" in shown and "¥42.00" in shown
    assert "不退赠品的，卖家可以按事先标明的赠品价格收钱" in shown


def test_without_the_gift(shop: Any) -> None:
    pot = a_listing(merchant=shop, price="120.00")
    cup = a_listing(merchant=shop, title="青瓷品茗杯", price="20.00")
    made(shop, cup)
    buyer, offer = a_buyer(), Promotion.objects.get()
    with clock.frozen(HOUR):
        shopping.put_in_cart(buyer.client, pot)
        answer = shopping.check_out(buyer.client, **{f"gift_{offer.pk.hex}": "no"})
    assert answer.status_code == 303
    assert Order.objects.get().lines.count() == 1
    offer.refresh_from_db()
    assert offer.given == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"gift_sku": "nowhere"}, "赠品须是你自己在售的商品"),
        ({"gift_value": "20.01"}, "赠品须是你自己在售的商品"),
        ({"threshold": ""}, "请填写满多少送赠品"),
    ],
    ids=["unknown", "dearer", "no condition"],
)
def test_what_the_form_refuses_and_why(shop: Any, changed: dict[str, str], said: str) -> None:
    answer = made(shop, a_listing(merchant=shop, price="20.00"), **changed)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Promotion.objects.exists()
