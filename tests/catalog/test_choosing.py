"""The product page with something to choose: by address alone, without script."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import stock, variants
from kernel import clock
from kernel.actor import Actor
from tests.builders.people import a_visitor
from tests.builders.shops import LISTED, a_listing
from tests.builders.variants import a_listing_with_variants, variant_id

pytestmark = pytest.mark.django_db


def page_of(listing, query="", **headers):
    with clock.frozen(LISTED):
        return a_visitor().client.get(f"/p/{listing.pk}/{query}", headers=headers).content.decode()


def checked(said):
    return re.findall(r'value="(\w+)" checked', said)


def priced(said):
    return re.search(r'class="price[^"]*"[^>]*>(.*?)</', said, re.DOTALL)


class TestChoice:
    def test_without_a_word_it_is_the_first_that_can_be_bought(self):
        listing = a_listing_with_variants(stocks={"white_small": 0})
        said = page_of(listing)
        assert checked(said) == ["white", "large"]
        assert f'name="variant" value="{variant_id(listing, "white_large")}"' in said

    def test_the_address_brings_price_pieces_and_picture(self):
        listing = a_listing_with_variants(
            stocks={"black_small": 2}, black_small={"price_minor": 12345, "images": [1]}
        )
        said = page_of(listing, "?o-colour=black&o-size=small")
        assert checked(said) == ["black", "small"]
        assert "123" in said and ".45" in said and "还剩 2 件" in said
        assert "一只黑茶杯" in said and "一把白茶壶" not in said
        assert page_of(listing, f"?variant={variant_id(listing, 'black_small')}").count("一只黑茶杯") >= 1

    def test_sold_out_is_said_and_can_still_be_looked_at(self):
        listing = a_listing_with_variants(stocks={"black_large": 0})
        assert "售罄" in page_of(listing, "?o-colour=black&o-size=small")
        said = page_of(listing, "?o-colour=black&o-size=large")
        assert "这个规格售罄了" in said
        assert "/cart/lines" not in said

    def test_a_combination_that_isn_t_offered_is_no_purchase(self):
        listing = a_listing_with_variants()
        variants.retire(variant_id=variant_id(listing, "black_large"), actor=Actor.system(), at=LISTED)
        said = page_of(listing, "?o-colour=black&o-size=large")
        assert "没有这种组合" in said and "/cart/lines" not in said

    @pytest.mark.parametrize(
        "query", ["?o-colour=pink", "?variant=x", "?o-colour=white&o-colour=black", "?o-="]
    )
    def test_nonsense_counts_as_silence(self, query):
        assert 'name="variant"' in page_of(a_listing_with_variants(), query)

    def test_htmx_gets_the_offer_and_the_bar_at_the_foot(self):
        listing = a_listing_with_variants()
        said = page_of(listing, "?o-colour=black", **{"hx-request": "true"})
        assert said.lstrip().startswith('<article class="pdp" id="offer">')
        assert 'id="buy-dock" hx-swap-oob="true"' in said
        # To buy, to buy at the foot, and to put aside.
        assert said.count(f'name="variant" value="{variant_id(listing, "black_small")}"') == 3

    def test_words_in_the_reader_s_language(self):
        listing = a_listing_with_variants()
        said = page_of(listing, **{"accept-language": "en"})
        assert "Moon white" in said and "Colour" in said

    def test_goods_without_options_have_nothing_to_choose(self):
        listing = a_listing()
        said = page_of(listing)
        assert 'class="choice"' not in said
        assert f'name="variant" value="{listing.pk}"' in said

    def test_costs_no_more_statements_than_goods_without(self):
        plain, varied = a_listing(), a_listing_with_variants()
        counts = []
        for listing in (plain, varied, plain, varied):
            with CaptureQueriesContext(connection) as taken:
                page_of(listing, "?o-colour=black")
            counts.append(len(taken))
        assert counts[2] == counts[3]


class TestUnitPrice:
    def test_is_that_of_the_size_chosen(self):
        from catalog.unit_price import unit_price
        from kernel.money import Money

        size = {"key": "size", "labels": {"zh-hans": "净含量"}, "values": [
            {"key": "s", "labels": {"zh-hans": "250 g"}}, {"key": "l", "labels": {"zh-hans": "1 公斤"}},
        ]}  # fmt: skip
        content = {"attributes": {"net_content": {"value": "250", "unit": "g"}}, "options": [size]}
        assert unit_price(content, Money(5000), choice={"size": "l"}).amount == Money(500)
        assert unit_price(content, Money(5000), choice={"size": "s"}).amount == Money(2000)
        tea = {**content, "attributes": {"net_content": {"value": "250", "unit": "ml"}}}
        assert unit_price(tea, Money(5000), choice={"size": "l"}).per == "100 ml"
        assert unit_price({**content, "attributes": {}}, Money(5000), choice={"size": "l"}) is None


def test_the_card_leads_to_the_choice_and_says_from():
    a_listing_with_variants(white_small={"price_minor": 2900})
    said = a_visitor().client.get("/c/home/").content.decode()
    assert "起</small>" in said and "选规格" in said
    assert "/cart/lines" not in said


def test_the_frozen_version_lists_every_price():
    listing = a_listing_with_variants(white_small={"price_minor": 2900})
    stock.count(variant_id=variant_id(listing, "white_small"), on_hand=0, actor=Actor.system(), at=LISTED)
    said = a_visitor().client.get(f"/p/{listing.pk}/revisions/1/").content.decode()
    assert said.count("颜色：") == 4 and "29.00" in said
