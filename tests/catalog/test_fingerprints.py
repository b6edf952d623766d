"""What a kept product page is known by holds every table that the page reads; and what a visit costs."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import fingerprints, stock, suspension
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing
from tests.builders.variants import a_listing_with_variants
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TABLE = re.compile(r'\b(?:FROM|JOIN) "?([a-z_]+)"?')


@pytest.fixture(autouse=True)
def _an_empty_drawer(at):
    at(NOW)
    kept_pages.pages.empty()


def visited(path):
    with CaptureQueriesContext(connection) as taken:
        assert Client().get(path).status_code in (200, 410)
    return [each["sql"] for each in taken]


def suspended():
    listing = a_listing()
    suspension.suspend(
        listing_id=listing.pk, reason="没有证书", rule_id="cn.disclosure.ccc", actor=Actor.system(), at=NOW
    )
    return listing


def reduced():
    listing = a_listing()
    a_deal(listing, "39.00", at=datetime(2026, 11, 14, 2, 0, tzinfo=UTC))
    published(listing, at=NOW, price_minor=2900, reduction=a_claim("39.00", until="2026-11-23"))
    return listing


@pytest.mark.parametrize("made", [a_listing, a_listing_with_variants, suspended, reduced])
def test_every_table_that_the_page_reads_is_in_its_digest(made):
    listing = made()
    known = {*TABLE.findall(fingerprints._OFFER), *fingerprints.FROZEN}
    read = {table for sql in visited(f"/p/{listing.pk}/") for table in TABLE.findall(sql)}
    assert {each for each in read - known if not each.startswith("rulebook_")} == set()


def test_one_statement_when_kept_and_three_when_not():
    listing, other = a_listing(), a_listing()
    visited(f"/p/{other.pk}/")
    assert len(visited(f"/p/{listing.pk}/")) <= 3
    assert len(visited(f"/p/{listing.pk}/")) == 1


def test_the_digest_beside_the_rows_is_the_same_and_moves_with_them():
    listing = a_listing()
    before = fingerprints.of_offer(listing.pk, at=NOW)
    assert fingerprints.offer(listing.pk, at=NOW)[1] == before
    stock.count(variant_id=listing.pk, on_hand=7, actor=Actor.system(), at=NOW)
    assert fingerprints.offer(listing.pk, at=NOW)[1] == fingerprints.of_offer(listing.pk, at=NOW) != before


def test_what_was_never_on_sale_has_none():
    draft = a_listing(live=False)
    for each in (draft.pk, new_id(), UUID(int=0)):
        assert fingerprints.of_offer(each, at=NOW) is None
        with pytest.raises(NotFound):
            fingerprints.offer(each, at=NOW)
