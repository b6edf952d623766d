"""Pages kept ready: whatever they show changes, the next visitor sees it; nobody sees what is another's."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import deals, publishing, reductions, stock, suspension
from catalog.models import Category
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import standing
from rulebook import shelf
from tests.builders.people import a_buyer
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing
from tests.builders.variants import a_listing_with_variants
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC), timedelta(days=1)
OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="idempotency_key" value=")\w+')
STAFF = Actor.system()


@pytest.fixture(autouse=True)
def _an_empty_drawer(at):
    at(NOW)
    kept_pages.pages.empty()


def text_of(path, client=None, **headers):
    answer = (client or Client()).get(path, headers=headers)
    assert answer.status_code in (200, 410), path
    return answer.content.decode()


def shown(path, client=None, **headers):
    """The page without what is new with every visit."""
    return OWN.sub("", text_of(path, client, **headers))


def afresh(path, **headers):
    kept_pages.pages.empty()
    return shown(path, **headers)


def paths(listing):
    return [f"/p/{listing.pk}/", f"/c/{listing.category_id}/", "/search?q=月白釉"]


def priced(listing):
    published(listing, at=NOW, price_minor=4500)


def sold_out(listing):
    stock.count(variant_id=listing.pk, on_hand=0, actor=STAFF, at=NOW)


def last_pieces(listing):
    stock.count(variant_id=listing.pk, on_hand=3, actor=STAFF, at=NOW)


def taken_down(listing):
    suspension.suspend(
        listing_id=listing.pk, reason="没有 3C 证书", rule_id="cn.disclosure.ccc", actor=STAFF, at=NOW
    )


def withdrawn(listing):
    publishing.withdraw(listing_id=listing.pk, actor=STAFF, at=NOW)


def shop_suspended(listing):
    standing.suspend(
        merchant_id=listing.merchant_id, reason="卖假货", rule_id="platform.rules", actor=STAFF, at=NOW
    )


def graded(listing):
    standing.write_effects(
        merchant_id=listing.merchant_id,
        grade="A",
        score_permille=912,
        payout_delay_days=0,
        rule_id="policy.credit",
        at=NOW,
        facts={"orders": 120, "why": {"zh-hans": "一年没有投诉"}, "parts": []},
    )


def translated(listing):
    published(listing, at=NOW, title={"zh-hans": "月白釉改名的急须"})


def another_picture(listing):
    published(
        listing, at=NOW, images=[{"src": "pictures/1f375.webp", "alt": {"zh-hans": "茶杯"}, "mat": "moss"}]
    )


def reduced(listing):
    a_deal(listing, "39.00", at=NOW - 2 * DAY)
    published(listing, at=NOW, price_minor=2900, reduction=a_claim("39.00", until="2026-11-23"))


CHANGES = [
    priced,
    sold_out,
    taken_down,
    withdrawn,
    shop_suspended,
    graded,
    translated,
    another_picture,
    reduced,
]


class TestWhatAPageShows:
    @pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
    def test_is_new_at_the_next_visit(self, change):
        listing = a_listing()
        before = [shown(path) for path in paths(listing)]
        assert before == [shown(path) for path in paths(listing)]
        change(listing)
        after = [shown(path) for path in paths(listing)]
        assert after[0] != before[0], "product"
        assert after[1] != before[1], "category"
        assert after == [afresh(path) for path in paths(listing)]

    def test_the_last_pieces_are_counted(self):
        listing = a_listing()
        before = shown(f"/p/{listing.pk}/")
        last_pieces(listing)
        assert shown(f"/p/{listing.pk}/") not in (before,)
        assert 'max="3"' in shown(f"/p/{listing.pk}/")

    def test_a_reduction_that_ends_is_gone_without_a_sweep(self, at):
        listing = a_listing()
        reduced(listing)
        assert all("was" in shown(path) and "39.00" in shown(path) for path in paths(listing)[:1])
        assert '<del class="was">' in shown(f"/c/{listing.category_id}/")
        at(NOW + 8 * DAY)
        for path in paths(listing):
            assert '<del class="was">' not in shown(path)

    def test_a_reduction_without_its_basis_is_gone(self):
        listing = a_listing()
        sale = a_deal(listing, "39.00", at=NOW - 2 * DAY)
        published(listing, at=NOW, price_minor=2900, reduction=a_claim("39.00", until="2026-11-23"))
        assert '<del class="was">' in shown(f"/p/{listing.pk}/")
        deals.void([sale], cause="refunded", at=NOW)
        reductions.sweep(at=NOW)
        assert shown(f"/p/{listing.pk}/") == afresh(f"/p/{listing.pk}/")

    def test_each_choice_is_a_page_of_its_own(self):
        listing = a_listing_with_variants(white_large={"price_minor": 5900})
        small, large = (f"/p/{listing.pk}/?o-colour=white&o-size={size}" for size in ("small", "large"))
        assert "59" in shown(large)
        assert shown(small) != shown(large)
        assert [shown(small), shown(large)] == [afresh(small), afresh(large)]

    def test_a_category_is_renamed(self):
        listing = a_listing()
        shown("/c/home/")
        Category.objects.filter(pk="home").update(names={"zh-hans": "居家好物"})
        assert "居家好物" in shown(f"/c/{listing.category_id}/")

    def test_the_law_is_read_again(self):
        before = shelf.edition(NOW)
        shelf.forget()
        assert shelf.edition(NOW) != before

    def test_a_policy_that_comes_into_force_turns_the_key(self):
        turns = shelf.current().turns
        moment = max(turns)
        assert shelf.edition(moment) != shelf.edition(moment - timedelta(microseconds=1))

    def test_a_day_that_passes_turns_the_key(self):
        midnight = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)
        assert shelf.edition(midnight) != shelf.edition(midnight - timedelta(microseconds=1))


class TestWhatIsOnesOwn:
    def test_tokens_and_keys_are_new_and_whole(self):
        path = f"/p/{a_listing().pk}/"
        one, two = text_of(path), text_of(path)
        tokens = [set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', text)) for text in (one, two)]
        keys = [re.findall(r'idempotency_key" value="(\w+)"', text) for text in (one, two)]
        assert len(tokens[0]) == len(tokens[1]) == 1
        assert {len(token) for token in tokens[0] | tokens[1]} == {64}
        assert tokens[0] != tokens[1]
        assert len({*keys[0], *keys[1]}) == len(keys[0]) + len(keys[1]) == 4

    def test_a_form_of_a_kept_page_works(self):
        listing = a_listing()
        text_of(f"/p/{listing.pk}/")
        visitor = Client(enforce_csrf_checks=True)
        form = dict(re.findall(r'name="(\w+)" value="(\w*)"', text_of(f"/p/{listing.pk}/", visitor)))
        fields = ("csrfmiddlewaretoken", "idempotency_key")
        told = {name: form[name] for name in fields}
        answer = visitor.post(
            "/cart/lines/", {**told, "listing": listing.pk, "variant": listing.pk, "quantity": 1}
        )
        assert answer.status_code == 303

    def test_the_address_to_come_back_to_is_the_visitors(self):
        path = f"/p/{a_listing().pk}/"
        assert f'name="next" value="{path}"' in text_of(path)
        assert f'name="next" value="{path}?a=1&amp;b=2"' in text_of(f"{path}?a=1&b=2")

    def test_language_print_size_and_cart_stay_apart(self):
        path = f"/p/{a_listing().pk}/"
        plain, english = shown(path), shown(path, **{"accept-language": "en"})
        assert 'lang="en"' in english
        elder = Client()
        elder.post("/display", {"next": path, "elder": "on"})
        assert "data-elder" in shown(path, elder)
        assert "data-elder" not in shown(path)
        buyer = Client()
        buyer.post("/cart/lines/", {"listing": path.split("/")[2], "quantity": 2})
        assert '<b aria-hidden="true">2</b>' in shown(path, buyer) + shown(path, buyer)
        assert shown(path) == plain

    def test_somebody_signed_in_gets_and_leaves_no_kept_page(self):
        path = f"/p/{a_listing().pk}/"
        buyer = a_buyer()
        assert 'href="/account/"' in shown(path, buyer.client)
        assert len(kept_pages.pages) == 0
        shown(path)
        assert shown(path, buyer.client) != shown(path)

    def test_a_waiting_message_is_shown_once_to_its_reader(self):
        path = f"/p/{a_listing().pk}/"
        shown(path)
        visitor, request = Client(), RequestFactory().get("/")
        storage = CookieStorage(request)
        visitor.cookies["messages"] = storage._encode([Message(constants.INFO, "只给你看")])
        assert "只给你看" in text_of(path, visitor)
        assert "只给你看" not in text_of(path)

    def test_no_text_of_a_seller_makes_a_hole(self):
        words = '<input type="hidden" name="idempotency_key" value="' + "0" * 32 + '">'
        listing = a_listing(title=words)
        kept_pages.pages.empty()
        text = text_of(f"/p/{listing.pk}/")
        assert text == text.replace(words, "")
        assert "value=&quot;" + "0" * 32 in text_of(f"/p/{listing.pk}/")


@settings(max_examples=6)
@given(order=st.permutations(CHANGES[:2] + CHANGES[4:]), seen=st.lists(st.booleans(), min_size=7, max_size=7))
def test_a_kept_page_is_the_page_rendered_afresh(order, seen):
    """Whatever happened in whatever order, and whoever looked in between."""
    listing = a_listing()
    for change, look in zip(order, seen, strict=True):
        # What the order forbids is refused and changes nothing.
        with suppress(DomainError), transaction.atomic():
            change(listing)
        if look:
            for path in paths(listing):
                shown(path)
    kept = [shown(path) for path in paths(listing)]
    assert kept == [afresh(path) for path in paths(listing)]


def test_the_drawer_keeps_the_last_asked_within_its_size():
    drawer = kept_pages.Drawer(3 * 4000)
    made = kept_pages.Kept((b"x" * 1000,), ())
    for number in range(10):
        drawer.put(number, made)
        drawer.get(0)
    assert drawer.get(0) == made
    assert drawer.get(5) is None
    assert len(drawer) == 3
