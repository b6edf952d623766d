"""The badge “brand direct”: on card, page, shop and in the facet exactly while the chain holds."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog import search, shelf_version
from catalog.drafting import edit_draft
from catalog.publishing import WordingRefused, publish
from catalog.screening.finding import Severity
from catalog.search import Wish
from kernel import clock
from kernel.actor import Actor
from merchants import brand_claims, documents
from merchants.models import DocumentMove
from notifications.models import Letter
from tests.builders.brands import a_brand_claim, check, newest
from tests.builders.orders import drain
from tests.builders.papers import a_scan
from tests.builders.people import a_member
from tests.builders.shops import a_complete_draft, a_listing, a_merchant
from web import kept_pages

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
OVER = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system()
BADGE = "品牌直供"


@pytest.fixture(autouse=True)
def _an_empty_drawer():
    kept_pages.pages.empty()
    cache.clear()


def of_brand(brand="清川", **changes):
    draft = a_complete_draft("home", title="茶则")
    return a_listing(attributes={**draft["attributes"], "brand": brand}, **changes)


def read(path, at=AT):
    with clock.frozen(at):
        return Client().get(path).content.decode()


def everywhere(listing, at=AT):
    """Whether the badge stands on product page, category page, shop page, and what the facet finds."""
    marked = f'<span class="badge">{BADGE}</span>'
    return (
        BADGE in read(reverse("catalog:product", args=[listing.pk]), at),
        marked in read(reverse("catalog:category", args=["home"]), at),
        marked in read(reverse("catalog:shop", args=[listing.merchant.slug]), at),
        search.find(Wish(direct=True), at=at).count() == 1,
    )


class TestTheBadge:
    def test_comes_with_the_last_check_and_goes_with_the_last_day(self):
        shop = a_merchant()
        listing = of_brand("清川 QingChuan", merchant=shop)
        assert everywhere(listing) == (False,) * 4
        claim = a_brand_claim(shop, at=AT, verified=False, until=date(2026, 12, 31))
        first, second = claim.links.order_by("position")
        check(first, at=AT)
        assert everywhere(listing) == (False,) * 4
        check(second, at=AT)
        assert everywhere(listing) == (True,) * 4
        # Nobody has swept: the clock alone takes it away.
        assert everywhere(listing, OVER) == (False,) * 4

    def test_is_of_the_shop_the_brand_and_the_category_that_were_proved(self):
        shop, other = a_merchant(), a_merchant()
        a_brand_claim(shop, at=AT, categories=("food",))
        for listing in (of_brand(merchant=shop), of_brand("清泉", merchant=shop), of_brand(merchant=other)):
            assert everywhere(listing) == (False,) * 4

    def test_goes_when_the_shop_takes_its_claim_back_and_the_shop_is_told(self):
        shop = a_merchant()
        owner = a_member(shop)
        listing = of_brand(merchant=shop)
        claim = a_brand_claim(shop, at=AT)
        assert everywhere(listing) == (True,) * 4
        brand_claims.end(claim_id=claim.pk, merchant_id=shop.pk, actor=SYSTEM, at=AT)
        assert everywhere(listing) == (False,) * 4
        drain(at=AT)
        told = Letter.objects.filter(subject_id=owner.subject_id, kind="catalog.brand_direct_lost")
        assert [letter.params["listings"] for letter in told] == [1]

    def test_the_kept_shelf_knows_the_day_it_turns(self):
        claim = a_brand_claim(a_merchant(), at=AT, until=date(2026, 12, 31))
        before = shelf_version.of_category("home", at=AT)
        assert shelf_version.of_category("home", at=OVER) != before
        documents.refuse(
            document_id=newest(claim.links.get(position=1)).pk, reason="假", actor=_desk(), at=AT
        )
        assert shelf_version.of_category("home", at=AT) != before


def _desk():
    from tests.builders.papers import DESK

    return DESK


class TestTheProof:
    def test_names_every_link_with_who_checked_and_no_person(self):
        shop = a_merchant()
        claim = a_brand_claim(shop, at=AT, hands=2, owner="王小明", owner_is_person=True)
        page = read(reverse("catalog:brand-proof", args=[shop.slug, claim.pk]))
        assert "第1级经销有限公司" in page
        assert "12345678" in page
        assert "王小明" not in page
        assert "自然人" in page

    def test_is_absent_until_proved_and_says_so_when_it_broke(self):
        shop, other = a_merchant(), a_merchant()
        claim = a_brand_claim(shop, at=AT, verified=False, until=date(2026, 12, 31))
        address = reverse("catalog:brand-proof", args=[shop.slug, claim.pk])
        assert Client().get(address).status_code == 404
        for link in claim.links.order_by("position"):
            check(link, at=AT)
        assert Client().get(reverse("catalog:brand-proof", args=[other.slug, claim.pk])).status_code == 404
        assert "banner--ok" in read(address)
        assert "banner--late" in read(address, OVER)


class TestAnUnprovedBrand:
    def test_is_a_doubt_and_no_refusal_once_somebody_else_proved_it(self):
        proved, other = a_merchant(), a_merchant()
        listing = of_brand(merchant=other, live=False)
        publish(listing_id=listing.pk, actor=SYSTEM, at=AT)
        a_brand_claim(proved, at=AT)
        second = of_brand(merchant=other, live=False, title="茶荷")
        with pytest.raises(WordingRefused) as refused:
            publish(listing_id=second.pk, actor=SYSTEM, at=AT)
        assert [(each.rule_id, each.severity) for each in refused.value.findings] == [
            ("name.brand_unproved", Severity.DOUBT)
        ]
        publish(listing_id=of_brand(merchant=proved, live=False).pk, actor=SYSTEM, at=AT)
        edit_draft(
            listing_id=second.pk,
            changes={"attributes": {**second.draft["attributes"], "brand": "自家牌"}},
            actor=SYSTEM,
            at=AT,
        )
        publish(listing_id=second.pk, actor=SYSTEM, at=AT)


class TestThePortal:
    def test_hands_in_a_chain_link_by_link(self, at):
        at(AT)
        shop = a_merchant()
        client = a_member(shop).client
        path = reverse("catalog:brands", args=[shop.slug])
        assert client.get(path).status_code == 200
        facts = {"names": "清川\nQINGCHUAN", "owner": "清川茶业", "place": "CN", "number": "12345678"}
        bad = client.post(path, {**facts, "classes": "茶", "hands": "1", "file": a_scan()})
        assert bad.status_code == 422
        made = client.post(path, {**facts, "classes": "21, 30", "hands": "1", "file": a_scan()})
        assert made.status_code == 303
        page = client.get(made["Location"]).content.decode()
        assert "下一环" in page
        last = {"territory": ["CN"], "categories": ["home"], "number": "SQ-1", "file": a_scan()}
        assert client.post(made["Location"], last).status_code == 303
        again = client.get(made["Location"]).content.decode()
        assert "下一环" not in again
        assert again.count("已交") or DocumentMove.objects.count() >= 2
