"""The cart and the checkout page with offers and coupons, as a browser without scripts sends them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from orders.models import Coupon, Order
from tests.builders.orders import LIN_WEI, ORDERED
from tests.builders.people import Person, a_buyer
from tests.builders.promotions import a_coupon, a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)
CHECKOUT = reverse("orders:checkout")


@pytest.fixture
def buying() -> tuple[Person, Any, Coupon]:
    """250.00 in the cart; 30.00 off from 200.00 for everybody, and a coupon of 20.00 from 100.00."""
    buyer, shop = a_buyer(), a_merchant()
    listing = a_listing(merchant=shop, price="250.00")
    a_promotion(shop)
    coupon = a_coupon(shop, buyer.subject_id, from_minor=10000, off_minor=2000, names={"zh-hans": "老客券"})
    with clock.frozen(LATER):
        buyer.client.post(reverse("orders:cart-lines"), {"listing": str(listing.pk), "quantity": "1"})
    return buyer, shop, coupon


def body(**changed: str) -> dict[str, str]:
    return {
        "name": LIN_WEI.name,
        "phone": LIN_WEI.phone,
        "address": LIN_WEI.address,
        "seen_place": "",
        "idempotency_key": "k" * 32,
    } | changed


def test_the_cart_says_what_comes_off_and_why(buying: Any) -> None:
    buyer, _shop, _coupon = buying
    with clock.frozen(LATER):
        shown = buyer.client.get(reverse("orders:cart")).content.decode()
    assert "满 ¥200.00 减 ¥30.00" in shown and "−¥30.00" in shown and "−¥20.00" in shown
    assert "¥200.00" in shown


def test_the_cart_says_how_much_is_missing(buying: Any) -> None:
    buyer, shop, _coupon = buying
    a_promotion(shop, from_minor=20000, off_minor=100, categories=())
    other = a_merchant()
    a_promotion(other, from_minor=9900, off_minor=900)
    listing = a_listing(merchant=other, price="59.00")
    with clock.frozen(LATER):
        buyer.client.post(reverse("orders:cart-lines"), {"listing": str(listing.pk), "quantity": "1"})
        shown = buyer.client.get(reverse("orders:cart")).content.decode()
    assert "满 ¥99.00 减 ¥9.00，再买 ¥40.00 即可。" in shown


def test_the_best_coupon_is_picked_and_pays(buying: Any) -> None:
    buyer, shop, coupon = buying
    with clock.frozen(LATER):
        shown = buyer.client.get(CHECKOUT).content.decode()
        assert f'value="{coupon.pk}" checked' in shown
        sent = body(
            seen_total="20000", seen_coupons=coupon.pk.hex, **{f"coupon_{shop.pk.hex}": str(coupon.pk)}
        )
        assert buyer.client.post(CHECKOUT, sent).status_code == 303
    assert Order.objects.get().total_minor == 20000
    assert Coupon.objects.get().used_at == LATER


def test_another_choice_is_reckoned_before_it_is_paid(buying: Any) -> None:
    buyer, shop, coupon = buying
    none = {f"coupon_{shop.pk.hex}": "none", "seen_total": "20000", "seen_coupons": coupon.pk.hex}
    with clock.frozen(LATER):
        # The button under the choices shows the new sum and keeps what was typed.
        reckoned = buyer.client.post(CHECKOUT, body(reckon="1", **none))
        assert reckoned.status_code == 200
        shown = reckoned.content.decode()
        assert 'name="seen_total" value="22000"' in shown and LIN_WEI.name in shown
        assert "老客券" in shown and f'value="{coupon.pk}" checked' not in shown
        # Whoever presses pay at once is shown the new sum first.
        hasty = buyer.client.post(CHECKOUT, body(idempotency_key="h" * 32, **none))
        assert hasty.status_code == 422 and "你选的优惠券已计入合计" in hasty.content.decode()
        assert not Order.objects.exists()
        none |= {"seen_total": "22000", "seen_coupons": ""}
        assert buyer.client.post(CHECKOUT, body(idempotency_key="n" * 32, **none)).status_code == 303
    assert Order.objects.get().total_minor == 22000
    assert Coupon.objects.get().used_at is None


def test_somebody_elses_coupon_is_refused_and_nothing_ordered(buying: Any) -> None:
    buyer, shop, _coupon = buying
    foreign = a_coupon(shop, a_buyer().subject_id, from_minor=10000, off_minor=9000)
    sent = body(seen_total="13000", **{f"coupon_{shop.pk.hex}": str(foreign.pk)})
    with clock.frozen(LATER):
        answer = buyer.client.post(CHECKOUT, sent)
    assert answer.status_code == 422 and "这张优惠券已不能使用" in answer.content.decode()
    assert not Order.objects.exists()
