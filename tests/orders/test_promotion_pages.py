"""A shop makes a promotion in its portal; a visitor sees it, claims a coupon, and the shop withdraws it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from merchants.capabilities import Capability
from merchants.models import Merchant
from orders.models import Coupon, Promotion
from tests.builders.orders import ORDERED
from tests.builders.people import a_member
from tests.builders.promotions import a_promotion
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)
WRITTEN = {
    "kind": "coupon",
    "name_zh_hans": "双周券",
    "name_en": "Fortnight coupon",
    "threshold": "200",
    "off": "30.00",
    "ends_on": "2026-11-16",
    "pieces": "100",
}


@pytest.fixture
def shop() -> Merchant:
    return a_merchant()


def portal(shop: Merchant) -> str:
    return reverse("orders:merchant-promotions", args=[shop.slug])


def public(shop: Merchant) -> str:
    return reverse("orders:shop-promotions", args=[shop.slug])


def claim(shop: Merchant, promotion: Promotion) -> str:
    return reverse("orders:shop-promotion-coupons", args=[shop.slug, promotion.pk])


def test_from_the_portal_to_a_claimed_coupon(shop: Merchant) -> None:
    member, visitor = a_member(shop), Client()
    with clock.frozen(LATER):
        assert member.client.post(portal(shop), WRITTEN).status_code == 303
        made = Promotion.objects.get()
        assert (made.from_minor, made.off_minor, made.pieces, made.starts_at) == (20000, 3000, 100, LATER)
        # The last day counts: it ends at midnight after it, in Shanghai.
        assert made.ends_at.isoformat() == "2026-11-16T16:00:00+00:00"
        shown = visitor.get(public(shop)).content.decode()
        assert "双周券" in shown and "满 ¥200.00 减 ¥30.00" in shown and "领取优惠券" in shown
        assert (
            "Fortnight coupon"
            in visitor.get(public(shop), headers={"accept-language": "en"}).content.decode()
        )
        assert public(shop) in visitor.get(reverse("catalog:shop", args=[shop.slug])).content.decode()
        assert visitor.post(claim(shop, made)).status_code == 303
        again = visitor.get(public(shop)).content.decode()
        assert "领取优惠券</button>" not in again and "你有这张优惠券" in again
        assert Coupon.objects.get().promotion == made
        assert "已领 1 张，已用 0 张" in member.client.get(portal(shop)).content.decode()
        withdrawal = reverse("orders:merchant-promotion-withdrawal", args=[shop.slug, made.pk])
        assert member.client.post(withdrawal).status_code == 303
        assert "双周券" not in visitor.get(public(shop)).content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": ""}, "id_kind_0"),
        ({"name_zh_hans": ""}, "id_name_zh_hans"),
        ({"name_zh_hans": "\u200b\u202e"}, "id_name_zh_hans"),
        ({"threshold": "-1"}, "id_threshold"),
        ({"off": "200"}, "id_off"),
        ({"off": "", "percent": "12.55"}, "id_percent"),
        ({"off": "", "percent": "12.5"}, "id_percent"),
        ({"ends_on": "2026-11-01"}, "id_ends_on"),
        ({"ends_on": "9999-12-31"}, "id_ends_on"),
        ({"starts_on": "0001-01-01"}, "id_starts_on"),
        ({"pieces": "0"}, "id_pieces"),
        ({"categories": ["nowhere"]}, "id_categories_0"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_field_is_named_and_nothing_made(shop: Merchant, changed: dict[str, str], field: str) -> None:
    with clock.frozen(LATER):
        answer = a_member(shop).client.post(portal(shop), WRITTEN | changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert not Promotion.objects.exists()


def test_who_only_reads_makes_none(shop: Merchant) -> None:
    reader = a_member(shop, [Capability.READ])
    with clock.frozen(LATER):
        assert reader.client.get(portal(shop)).status_code == 200
        assert reader.client.post(portal(shop), WRITTEN).status_code == 404
    assert not Promotion.objects.exists()


def test_a_coupon_is_claimed_at_its_own_shop_only(shop: Merchant) -> None:
    made, other = a_promotion(shop, "coupon"), a_merchant()
    with clock.frozen(LATER):
        assert Client().post(claim(other, made)).status_code == 404
        assert Client().post(claim(shop, a_promotion(shop))).status_code == 303
    assert not Coupon.objects.exists()


def test_one_network_cant_take_all_coupons_away_as_ever_new_visitors(shop: Merchant) -> None:
    made = a_promotion(shop, "coupon", pieces=1000)
    with clock.frozen(LATER):
        codes = [Client(REMOTE_ADDR="203.0.113.7").post(claim(shop, made)).status_code for _ in range(61)]
    assert codes == [303] * 60 + [429]
    assert Coupon.objects.count() == 60


def test_a_name_turns_nothing_around(shop: Merchant) -> None:
    with clock.frozen(LATER):
        a_member(shop).client.post(portal(shop), WRITTEN | {"name_zh_hans": "\u202e双\u200b周券"})
    assert Promotion.objects.get().names["zh-hans"] == "双周券"
