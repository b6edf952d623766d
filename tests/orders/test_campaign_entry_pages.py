"""From a campaign's conditions to its price on the page and in the order, as browsers without scripts do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.staff import Role
from catalog import campaign_prices
from kernel import clock
from merchants.capabilities import Capability
from orders.models import CampaignEntry
from tests.builders.campaigns import a_goods_campaign, accepted, entered
from tests.builders.orders import ORDERED, drain
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.prices import a_deal
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
HOUR = ORDERED + timedelta(hours=1)
BEGUN = ORDERED + timedelta(days=2)


def test_a_shop_sees_what_fails_hands_in_and_withdraws() -> None:
    listing = a_listing(price="100.00")
    shop, campaign = listing.merchant, a_goods_campaign(least_permille=150)
    member = a_member(shop).client
    page = reverse("orders:merchant-campaign", args=[shop.slug, campaign.pk])
    sent = {"percent": "12.5", "goods": [str(listing.pk)]}
    with clock.frozen(HOUR):
        assert "安心周" in member.get(reverse("orders:merchant-campaigns", args=[shop.slug])).content.decode()
        told = member.post(page, sent | {"check": "1"})
        assert told.status_code == 422 and "要求至少降 15 %，你报的是 12.5 %" in told.content.decode()
        assert member.post(page, sent | {"go": "1"}).status_code == 422
        assert not CampaignEntry.objects.exists()
        met = member.post(page, sent | {"percent": "15", "check": "1"}).content.decode()
        assert "全部条件都满足" in met and not CampaignEntry.objects.exists()
        assert member.post(page, sent | {"percent": "15", "go": "1"}).status_code == 303
        entry = CampaignEntry.objects.get()
        mine = member.get(page).content.decode()
        assert "已提交，等待答复" in mine
        listed = reverse("orders:merchant-campaigns", args=[shop.slug])
        assert "安心周" in member.get(f"{listed}?tab=mine&state=applied&sort=answer").content.decode()
        assert "安心周" not in member.get(f"{listed}?tab=mine&state=refused").content.decode()
        assert "安心周" in member.get(f"{listed}?tab=mine&format=csv").content.decode()
        leave = reverse("orders:merchant-entry-withdrawal", args=[shop.slug, entry.pk])
        reader = a_member(shop, [Capability.ORDERS]).client
        assert reader.post(leave).status_code == 404
        assert a_member(a_merchant()).client.post(leave).status_code == 404
        assert member.post(leave).status_code == 303
    entry.refresh_from_db()
    assert entry.state == "withdrawn"


def test_the_desk_answers_and_the_shop_reads_why() -> None:
    listing = a_listing(price="100.00")
    entry = entered(a_goods_campaign(), listing)
    desk = a_staff(Role.MONEY_DESK).client
    row = reverse("admin:orders_campaignentry_change", args=[entry.pk])
    answer = reverse("admin:orders_campaignentry_answer", args=[entry.pk])
    with clock.frozen(HOUR):
        assert "目前全部条件都满足" in desk.get(row).content.decode()
        assert a_staff(Role.CATALOGUE_DESK).client.post(answer, {"answer": "accept"}).status_code == 403
        desk.post(answer, {"answer": "refuse", "reasons": ""})
        entry.refresh_from_db()
        assert entry.state == "applied"
        desk.post(answer, {"answer": "refuse", "reasons": "图片不清楚"})
        drain(at=HOUR)
        owner = a_member(listing.merchant).client
        page = reverse("orders:merchant-campaign", args=[listing.merchant.slug, entry.campaign_id])
        shown = owner.get(page).content.decode()
        appeal = reverse("merchants:appeal", args=[listing.merchant.slug, "campaign", entry.pk])
        assert "图片不清楚" in shown and appeal in shown
        assert owner.post(appeal, {"text": "已换图"}).status_code == 303


def test_its_price_stands_on_the_page_in_the_cart_and_in_the_order() -> None:
    listing, buyer = a_listing(price="100.00"), a_buyer()
    a_deal(listing, "95.00", at=ORDERED - timedelta(days=1))
    campaign = a_goods_campaign(least_permille=50)
    accepted(campaign, listing)
    page = reverse("catalog:product", args=[listing.pk])
    with clock.frozen(HOUR):
        assert "安心周" not in Client().get(page).content.decode()
    with clock.frozen(BEGUN):
        shown = Client().get(page).content.decode()
        assert "安心周" in shown and "¥90.00" in shown and "安心承担 50%" in shown
        assert "安心周" in Client().get(reverse("orders:campaigns")).content.decode()
        shopping.put_in_cart(buyer.client, listing)
        cart = buyer.client.get(reverse("orders:cart")).content.decode()
        assert cart.count("−¥5.00") >= 2 and "每件降 10 %" in cart
        order = shopping.buy(buyer.client, BEGUN)[0]
        told = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
        assert "活动“安心周”" in told and "由安心承担" in told
        desk = a_staff(Role.MONEY_DESK).client
        assert desk.post(reverse("admin:orders_campaign_stop", args=[campaign.pk]), {"why": "标价有误"})
        drain(at=BEGUN)
        assert "安心周" not in Client().get(page).content.decode()
        assert "标价有误" in Client().get(reverse("orders:campaigns")).content.decode()
    assert order.discount_minor == 1000


def test_crossed_out_is_only_what_the_law_lets_stand() -> None:
    """Really sold for 95.00, asked 100.00: 95.00 may stand crossed out beside 90.00, never 100.00."""
    listing = a_listing(price="100.00")
    a_deal(listing, "95.00", at=ORDERED - timedelta(days=1))
    campaign = a_goods_campaign(least_permille=50)
    accepted(campaign, listing)
    page = reverse("catalog:product", args=[listing.pk])
    with clock.frozen(BEGUN):
        assert "¥95.00</del>" not in Client().get(page).content.decode()
        assert campaign_prices.begin(at=BEGUN) == 1
        shown = Client().get(page).content.decode()
    assert "¥95.00</del>" in shown and "¥100.00</del>" not in shown
