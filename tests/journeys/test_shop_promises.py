"""A shop promises something on all its goods, sells under it, withdraws it: over HTTP from end to end."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import ShopPromise
from deadlines.models import Deadline
from deadlines.sweep import sweep
from notifications.models import Letter
from orders.models import Order
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(answer):
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_chosen_shown_bought_under_broken_paid_and_withdrawn(platform_at):
    merchant, buyer = a_merchant(), a_buyer()
    listing, owner = a_listing(merchant=merchant), a_member(merchant)
    platform_at(ORDERED - DAY)
    page = reverse("orders:merchant-promises", args=[merchant.slug])
    assert "店铺的承诺" in text(owner.client.get(page))

    # Looked at first: nothing is promised by looking.
    looked = text(owner.client.post(page, {"key": "dispatch_24h", "look": "1"}))
    assert "近 90 天" in looked and not ShopPromise.objects.exists()
    for key in ("dispatch_24h", "price_protection_15d", "repair_pickup"):
        assert owner.client.post(page, {"key": key}).status_code == 303
    assert ShopPromise.objects.filter(merchant=merchant).count() == 3

    # Everybody reads it: shop, offer, card.
    visitor = Client()
    shop = text(visitor.get(reverse("catalog:shop", args=[merchant.slug])))
    assert "24 小时内发货" in shop and "投诉时核查" in shop
    assert "24 小时内发货" in text(visitor.get(reverse("catalog:product", args=[listing.pk])))
    card = re.search(r'<p class="strip">.*?</p>', shop)
    assert card is not None and "24 小时内发货" in card[0]

    # Bought under it; the shop takes it back afterwards, with notice.
    order = an_order(listing=listing, subject_id=buyer.subject_id)
    line = order.lines.get()
    assert [each["key"] for each in line.promises] == [
        "dispatch_24h",
        "price_protection_15d",
        "repair_pickup",
    ]
    assert "24 小时内发货" in text(buyer.client.get(reverse("orders:contract", args=[order.number])))
    platform_at(ORDERED + timedelta(hours=1))
    promised = ShopPromise.objects.get(merchant=merchant, key="dispatch_24h")
    done = owner.client.post(reverse("orders:merchant-promise-withdrawal", args=[merchant.slug, promised.pk]))
    assert done.status_code == 303
    promised.refresh_from_db()
    assert promised.ends_at - promised.withdrawn_at > 13 * DAY

    # Broken: it pays by itself, both sides are told, and the order says so.
    due = Deadline.objects.get(kind="orders.dispatch", reference=order.pk).due_at
    assert due - Order.objects.get(pk=order.pk).paid_at == DAY
    at = platform_at(due)
    sweep()
    drain(at=at)
    assert Order.objects.get(pk=order.pk).refunded_minor == 195
    assert Letter.objects.filter(kind="orders.promise_pays", subject_id=buyer.subject_id).count() == 1
    assert Letter.objects.filter(kind="orders.promise_costs", subject_id=owner.subject_id).count() == 1
    assert "没兑现" in text(buyer.client.get(reverse("orders:order", args=[order.number])))
    kept = text(visitor.get(reverse("orders:shop-promises", args=[merchant.slug])))
    assert "例数太少" in kept

    # After the notice nobody gets it any more.
    platform_at(promised.ends_at)
    later = an_order(listing=listing, subject_id=buyer.subject_id, at=promised.ends_at)
    assert "dispatch_24h" not in [each["key"] for each in later.lines.get().promises]
    after = text(visitor.get(reverse("catalog:product", args=[listing.pk])))
    assert "24 小时内发货" not in after
