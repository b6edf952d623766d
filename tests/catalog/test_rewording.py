"""What a finding advises is done by one click: its words are left out, and nothing else changes."""

import re

import pytest
from django.urls import reverse

from catalog import rewording
from catalog.models import Listing
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.catalog.test_portal import form_of

pytestmark = pytest.mark.django_db
TITLE = "月白釉手作横手急须，全网最佳出汤"


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def listing(shop):
    return a_listing(merchant=shop, live=False, title=TITLE)


def click(shop, listing, value, **typed):
    client = a_member(shop, at=LISTED).client
    address = reverse("catalog:listing-words-left-out", args=[shop.slug, listing.pk])
    return client.post(address, {**form_of(listing, **typed), "leave_out": value})


def button_of(shop, listing):
    client = a_member(shop, at=LISTED).client
    page = client.get(reverse("catalog:listing", args=[shop.slug, listing.pk])).content.decode()
    return re.findall(r'name="leave_out" value="([^"]+)"', page)


class TestLeaveOut:
    def test_takes_the_words_out_of_the_draft(self, shop, listing):
        buttons = button_of(shop, listing)
        assert len(buttons) == 1 and "最佳" in buttons[0]
        answer = click(shop, listing, buttons[0])
        assert answer.status_code == 303 and answer["Location"].endswith("#f-title_zh-hans")
        title = Listing.objects.get(pk=listing.pk).draft["title"]["zh-hans"]
        assert "最佳" not in title and title.startswith("月白釉手作横手急须")
        assert button_of(shop, Listing.objects.get(pk=listing.pk)) == []

    def test_keeps_what_was_typed_and_not_saved_yet(self, shop, listing):
        click(shop, listing, button_of(shop, listing)[0], price="51.00")
        assert Listing.objects.get(pk=listing.pk).draft["price_minor"] == 5100

    @pytest.mark.parametrize(
        "value", ["", "title_zh-hans 0 月白", "title_zh-hans x 最佳", "maker 0 最佳", "nonsense"]
    )
    def test_words_that_no_finding_names_stay(self, shop, listing, value):
        answer = click(shop, listing, value)
        if value != "title_zh-hans x 最佳":
            assert answer.status_code == 409
            assert Listing.objects.get(pk=listing.pk).draft["title"]["zh-hans"] == TITLE

    def test_another_shops_listing_is_404(self, shop):
        theirs = a_listing(live=False, title=TITLE)
        assert click(shop, theirs, "title_zh-hans 0 最佳").status_code == 404


class TestWithout:
    @pytest.mark.parametrize(
        ("text", "words", "left"),
        [
            ("急须，全网最佳，出汤快", "全网最佳", "急须，出汤快"),
            ("最佳，急须", "最佳", "急须"),
            ("The best teapot ever", "best", "The teapot ever"),
            ("Teapot, the best", ", the best", "Teapot"),
            ("加微信abc 急须", "加微信abc", "急须"),
        ],
    )
    def test_leaves_no_doubled_marks_or_blanks(self, text, words, left):
        start = text.index(words)
        assert rewording.without(text, start, start + len(words)) == left
