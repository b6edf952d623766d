"""Public pages: what stands on them, in how many statements, and what stays hidden."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import drafting, publishing, stock, suspension
from kernel.actor import Actor
from merchants import standing
from tests.builders.people import a_buyer, a_visitor
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MOST = 6


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


def text_of(path, client=None, **headers):
    answer = (client or Client()).get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


class TestProduct:
    def test_price_seller_rights_and_facts_stand_there(self):
        listing = a_listing(price="1039.48", freight="6.00", barcode="4006381333931")
        said = text_of(f"/p/{listing.pk}/")
        for words in (
            "月白釉手作横手急须 480 ml",
            "1,045",
            listing.merchant.legal_name,
            listing.merchant.address_public,
            listing.merchant.licence_number,
            "生产者说明",
        ):
            assert words in said, words
        assert said.count("<h1") == 1
        assert 'style="' not in said
        assert f'name="listing" value="{listing.pk}"' in said

    def test_short_keys_without_dashes_open_it_too(self):
        assert text_of(f"/p/{a_listing().pk.hex}/")

    @pytest.mark.parametrize("key", ["nonsense", "0000", "01a1ffc3-0c2b-7337-bbc3-022c6f36052d", "x" * 200])
    def test_absent_ones_are_404(self, key):
        assert Client().get(f"/p/{key}/").status_code == 404

    def test_a_draft_is_404(self):
        assert Client().get(f"/p/{a_listing(live=False).pk}/").status_code == 404

    def test_sold_out_and_withdrawn_offer_no_button(self):
        gone = a_listing(stock=0)
        assert 'action="/cart/lines/"' not in text_of(f"/p/{gone.pk}/")
        off = a_listing()
        publishing.withdraw(listing_id=off.pk, actor=Actor.system(), at=NOW)
        assert 'action="/cart/lines/"' not in text_of(f"/p/{off.pk}/")

    def test_a_suspension_says_why(self):
        listing = a_listing()
        reason = "没有 3C 证书"
        suspension.suspend(
            listing_id=listing.pk, reason=reason, rule_id="cn.disclosure.ccc", actor=Actor.system(), at=NOW
        )
        answer = a_visitor().client.get(f"/p/{listing.pk}/")
        assert answer.status_code == 410
        assert reason in answer.content.decode()

    def test_lowest_price_of_thirty_days_stands_beside_a_higher_one(self):
        listing = a_listing(price="30.00")
        drafting.edit_draft(
            listing_id=listing.pk, changes={"price_minor": 3300}, actor=Actor.system(), at=NOW
        )
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NOW)
        said = text_of(f"/p/{listing.pk}/")
        assert "¥30.00" in said
        assert "10.0%" in said

    def test_merchants_words_are_escaped(self):
        listing = a_listing(title="<script>alert(1)</script>")
        assert "<script>alert" not in text_of(f"/p/{listing.pk}/")

    def test_english_and_traditional_pages_hold_no_untranslated_frame(self):
        listing = a_listing()
        for language in ("en", "zh-hant"):
            assert text_of(f"/p/{listing.pk}/", **{"accept-language": language})

    def test_statements(self):
        listing, client = a_listing(), Client()
        text_of(f"/p/{listing.pk}/", client)
        with CaptureQueriesContext(connection) as taken:
            text_of(f"/p/{listing.pk}/", client)
        assert len(taken) <= MOST, [each["sql"][:90] for each in taken]

    def test_statements_for_somebody_signed_in(self):
        listing, buyer = a_listing(), a_buyer()
        text_of(f"/p/{listing.pk}/", buyer.client)
        with CaptureQueriesContext(connection) as taken:
            text_of(f"/p/{listing.pk}/", buyer.client)
        assert len(taken) <= MOST, [each["sql"][:90] for each in taken]


class TestRevision:
    def test_the_first_version_stays_as_it_was(self):
        listing = a_listing(price="30.00", title="第一版标题")
        changes = {"title": {"zh-hans": "第二版标题"}}
        drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=Actor.system(), at=NOW)
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NOW)
        assert "第一版标题" in text_of(f"/p/{listing.pk}/revisions/1/")
        assert "第二版标题" in text_of(f"/p/{listing.pk}/revisions/2/")
        assert Client().get(f"/p/{listing.pk}/revisions/3/").status_code == 404


class TestShelves:
    @pytest.fixture
    def shelf(self):
        shop = a_merchant()
        return [a_listing(merchant=shop, title=f"竹茶盘 {n} 号", price=f"{n}9.00") for n in range(1, 28)]

    def test_category_has_cards_facets_and_pages(self, shelf):
        said = text_of("/c/home/")
        assert said.count('<li class="pcard') == 24
        assert "?page=2" in said
        assert text_of("/c/home/?page=2").count('<li class="pcard') == 3

    def test_unknown_category_is_404(self):
        assert Client().get("/c/weapons/").status_code == 404

    def test_search_finds_by_two_characters(self, shelf):
        assert text_of("/search?q=茶盘").count('<li class="pcard') == 24
        assert "没有" in text_of("/search?q=不存在的东西啊")

    def test_htmx_gets_the_results_alone(self, shelf):
        said = text_of("/c/home/?return=7", **{"HX-Request": "true"})
        assert said.lstrip().startswith('<div id="shelf">')

    @pytest.mark.parametrize(
        "query", ["page=99", "page=x", "from=1e9&to=abc", "sort=;drop", "q=%27%22", "grade=%F0"]
    )
    def test_nonsense_in_the_address_is_answered(self, shelf, query):
        assert Client().get(f"/c/home/?{query}").status_code == 200

    def test_sold_out_and_missing_rights_are_said_in_words(self, shelf):
        stock.count(variant_id=shelf[0].pk, on_hand=0, actor=Actor.system(), at=LISTED)
        assert "is-out" in text_of("/c/home/?sort=price")
        a_listing(category="custom-made")
        assert "不支持无理由退货" in text_of("/c/custom-made/")

    @pytest.mark.parametrize("path", ["/c/home/", "/search?q=茶盘", "/c/home/?sort=price&return=7&from=10"])
    def test_statements(self, shelf, path):
        text_of(path)
        with CaptureQueriesContext(connection) as taken:
            text_of(path)
        assert len(taken) <= MOST, [each["sql"][:90] for each in taken]


class TestShop:
    def test_identity_comes_first_and_a_sanction_is_said(self):
        listing = a_listing()
        merchant = listing.merchant
        said = text_of(f"/shop/{merchant.slug}/")
        assert said.index(merchant.legal_name) < said.index("pcard")
        standing.restrict(
            merchant_id=merchant.pk, reason="三次迟发", rule_id="cn.trade", actor=Actor.system(), at=NOW
        )
        assert "三次迟发" in text_of(f"/shop/{merchant.slug}/")

    def test_private_contacts_never_show(self):
        listing = a_listing()
        assert "13800000000" not in text_of(f"/shop/{listing.merchant.slug}/")
        assert "13800000000" not in text_of(f"/p/{listing.pk}/")
