"""The editor says what the rules make of the words: at once, at save, and beside older versions."""

import pytest
from django.urls import reverse

from catalog import drafting, publishing
from catalog.models import Listing, Submission
from catalog.web.diffing import marked
from kernel.actor import Actor
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.submissions import BANNED

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def url(name, listing, *more):
    return reverse(f"catalog:{name}", args=[listing.merchant.slug, listing.pk, *more])


class TestFlags:
    def test_saved_wording_is_marked_under_its_field_and_stops_the_button(self, shop, owner):
        listing = a_listing(merchant=shop, live=False, title=BANNED)
        html = owner.client.get(url("listing", listing)).content.decode()
        box = html.partition('id="fl-title_zh-hans"')[2].partition("</div>")[0]
        assert "<mark>全网最佳</mark>" in box
        assert "广告法" in html
        assert 'href="#f-title_zh-hans"' in html
        assert reverse("catalog:listing-publication", args=[shop.slug, listing.pk]) not in html

    def test_typed_wording_is_marked_and_nothing_is_saved(self, shop, owner):
        listing = a_listing(merchant=shop, live=False)
        answer = owner.client.post(
            url("listing-wording", listing),
            {"title_zh-hans": "世界第一的壶，加微信 abc123"},
            headers={"HX-Request": "true"},
        )
        html = answer.content.decode()
        assert "<mark>世界第一</mark>" in html
        assert "<mark>加微信</mark>" in html
        assert 'hx-swap-oob="true"' in html
        listing.refresh_from_db()
        assert listing.draft["title"] == {"zh-hans": "月白釉手作横手急须 480 ml"}
        assert not Submission.objects.exists()

    def test_saving_by_htmx_swaps_the_boxes(self, shop, owner):
        listing = a_listing(merchant=shop, live=False)
        answer = owner.client.post(
            url("listing", listing), {"title_zh-hans": "最佳的壶"}, headers={"HX-Request": "true"}
        )
        assert "<mark>最佳</mark>" in answer.content.decode()
        assert Listing.objects.get(pk=listing.pk).draft["title"]["zh-hans"] == "最佳的壶"

    def test_words_that_are_markup_stay_words(self, shop, owner):
        listing = a_listing(merchant=shop, live=False, title="<b>最佳</b><script>x</script>")
        html = owner.client.get(url("listing", listing)).content.decode()
        assert "&lt;b&gt;<mark>最佳</mark>&lt;/b&gt;&lt;script&gt;" in html
        assert "<script>x" not in html


class TestPreview:
    def test_shows_the_draft_as_a_page(self, shop, owner):
        listing = a_listing(merchant=shop, live=False)
        html = owner.client.get(url("listing-preview", listing)).content.decode()
        assert "月白釉手作横手急须 480 ml" in html
        assert "39" in html
        assert not listing.revisions.exists()

    def test_says_what_is_missing(self, shop, owner):
        listing = a_listing(merchant=shop, live=False, without="price")
        assert "价格" in owner.client.get(url("listing-preview", listing)).content.decode()


class TestCompare:
    def test_two_versions_word_by_word(self, shop, owner):
        listing = a_listing(merchant=shop, title="月白釉壶 480 ml")
        changes = {"title": {"zh-hans": "铁黑釉壶 480 ml"}, "price_minor": 4100}
        drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=Actor.system(), at=LISTED)
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        drafting.edit_draft(
            listing_id=listing.pk, changes={"title": {"zh-hans": "青瓷壶"}}, actor=Actor.system(), at=LISTED
        )
        html = owner.client.get(url("listing-compare", listing, 1), {"with": "2"}).content.decode()
        assert "<del>月白</del>釉壶" in html
        assert "<ins>铁黑</ins>釉壶" in html
        assert "41.00" in html
        assert "<ins>青瓷" not in html
        assert owner.client.get(url("listing-compare", listing, 1), {"with": "9"}).status_code == 404

    def test_marks(self):
        assert marked("a b c", "a x c") == ("a <del>b</del> c", "a <ins>x</ins> c")
        assert marked("", "new") == ("", "<ins>new</ins>")
        assert marked("<i>", "<b>") == ("&lt;<del>i</del>&gt;", "&lt;<ins>b</ins>&gt;")
        assert marked("字" * 5000, "词")[0].startswith("<del>")
