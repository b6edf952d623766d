"""A campaign from the money desk to the buyer's order, as browsers without scripts send it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import JointAct
from accounts.staff import Role
from kernel import clock
from orders.models import Campaign, CampaignClaim
from tests.builders.campaigns import a_campaign, fees
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
HOUR = ORDERED + timedelta(hours=1)
PAGE = reverse("orders:campaigns")
WRITTEN = {
    "name_zh_hans": "安心周",
    "name_en": "Anxin week",
    "rules_zh_hans": "每人一张，满两百减三十。",
    "kind": "coupon",
    "threshold": "200",
    "off": "30",
    "least_grade": "",
    "starts_on": "2099-11-02",
    "ends_on": "2099-11-09",
    "budget": "100",
}


def test_two_people_make_one_and_nobody_sees_it_before() -> None:
    first, second = a_staff(Role.MONEY_DESK), a_staff(Role.MONEY_DESK)
    desk = reverse("admin:orders_campaigns")
    assert a_staff(Role.MERCHANT_DESK).client.post(desk, WRITTEN).status_code == 403
    fees("100.00")
    assert first.client.get(desk).status_code == 200
    assert first.client.post(desk, WRITTEN | {"off": "200"}).status_code == 422
    assert not Campaign.objects.exists()
    assert first.client.post(desk, WRITTEN).status_code == 303
    assert "安心周" not in Client().get(PAGE).content.decode()
    decide = reverse("staff:joint-decide", args=[JointAct.objects.get(kind="orders.set_aside").pk])
    second.client.post(decide, {"decision": "confirm"})
    shown = Client().get(PAGE).content.decode()
    assert "安心周" in shown and "满 ¥200.00 减 ¥30.00" in shown and "每人一张" in shown
    assert "预留 ¥100.00" in first.client.get(desk).content.decode()


def test_from_the_claim_to_the_order() -> None:
    campaign, buyer = a_campaign(), a_buyer()
    listing = a_listing(price="250.00")
    with clock.frozen(HOUR):
        claimed = buyer.client.post(reverse("orders:campaign-coupons", args=[campaign.pk]))
        assert claimed.status_code == 303
        assert "你已领取这张优惠券" in buyer.client.get(PAGE).content.decode()
        shopping.put_in_cart(buyer.client, listing)
        assert "−¥30.00" in buyer.client.get(reverse("orders:cart")).content.decode()
        order = shopping.buy(buyer.client, HOUR)[0]
        shown = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
        owner = a_member(listing.merchant)
        address = reverse("orders:merchant-order", args=[listing.merchant.slug, order.number])
        portal = owner.client.get(address).content.decode()
    for page in (shown, portal):
        assert "活动“安心周”" in page and "由安心承担" in page and "−¥30.00" in page
    assert CampaignClaim.objects.get().used_at == HOUR


def test_what_is_refused_is_said() -> None:
    campaign, buyer = a_campaign(budget="30.00"), a_buyer()
    address = reverse("orders:campaign-coupons", args=[campaign.pk])
    with clock.frozen(HOUR):
        buyer.client.post(address)
        again = buyer.client.post(address, follow=True).content.decode()
        assert "你已有这张优惠券" in again
    assert CampaignClaim.objects.count() == 1
    unfunded = a_campaign(funded=False)
    hidden = reverse("orders:campaign-coupons", args=[unfunded.pk])
    assert buyer.client.post(hidden).status_code == 404
