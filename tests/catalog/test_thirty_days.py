"""The 30-day line speaks of the goods without freight: neither a place nor a freight makes a price low."""

from datetime import timedelta

import pytest

from catalog import pricing
from catalog.models import Listing, PriceHistory
from kernel import clock
from kernel.money import Money
from tests.builders.freight import EAST, WEST, a_template
from tests.builders.people import a_visitor
from tests.builders.prices import published
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db


def recent(listing, at):
    row = Listing.objects.with_offer().annotate(priced=pricing.of_outer_listing(at)).get(pk=listing.pk)
    return pricing.recent_of(row, listing.pk, at=at)


def days(number):
    return LISTED + timedelta(days=number)


class TestTheLine:
    def test_a_cheaper_freight_makes_no_lower_price(self):
        listing = a_listing(price="30.00", freight="10.00")
        published(listing, at=days(3), freight_minor=0)
        found = recent(listing, days(5))
        assert (found.lowest, found.current, found.changed) == (Money(3000), Money(3000), False)

    def test_what_moves_from_the_freight_into_the_price_is_a_rise(self):
        listing = a_listing(price="30.00", freight="10.00")
        published(listing, at=days(3), freight_minor=0, price_minor=4000)
        found = recent(listing, days(5))
        assert (found.lowest, found.lowest_at, found.current) == (Money(3000), LISTED, Money(4000))
        assert found.above_lowest_permille == 333
        assert PriceHistory.objects.filter(listing=listing).count() == 2

    def test_the_dearest_freight_of_a_template_isn_t_in_it(self):
        shop = a_merchant()
        template = a_template(shop, zones=(EAST, WEST))
        listing = a_listing(merchant=shop, price="40.00", freight_template=str(template.pk))
        published(listing, at=days(3), price_minor=3000)
        published(listing, at=days(4), price_minor=3600)
        found = recent(listing, days(5))
        assert (found.lowest, found.current) == (Money(3000), Money(3600))
        assert found.above_lowest_permille == 200

    def test_what_was_asked_before_the_thirty_days_counts_only_while_it_was_in_force(self):
        listing = a_listing(price="20.00")
        published(listing, at=days(1), price_minor=3000)
        published(listing, at=days(20), price_minor=3500)
        assert recent(listing, days(31)).lowest == Money(3000)
        assert recent(listing, days(51)).lowest == Money(3500)
        assert recent(listing, days(30)).lowest == Money(2000)


def test_the_page_says_the_goods_price_and_that_it_is_without_freight():
    at = clock.now()
    listing = a_listing(price="30.00", freight="10.00", at=at - timedelta(days=10))
    published(listing, at=at - timedelta(days=2), price_minor=3300)
    said = a_visitor().client.get(f"/p/{listing.pk}/").content.decode()
    assert "¥30.00" in said and "不含运费" in said and "10.0%" in said
