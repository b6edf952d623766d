"""A shelf's version moves with what its pages show, in the very transaction, and with nothing else."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import campaign_prices, drafting, fingerprints, shelf_version, stock
from catalog.models import ShelfMark
from kernel.actor import Actor
from kernel.ids import new_id
from merchants.models import Merchant
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing
from tests.catalog.test_fingerprints import TABLE
from web import kept_pages

NOW, DAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC), timedelta(days=1)
SYSTEM = Actor.system()
# Written by triggers in the very statements of stock and variants, which leave a mark whenever it changes.
FOLLOWS = ["catalog_availability"]
OWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="idempotency_key" value=")\w+')


@pytest.fixture(autouse=True)
def _an_empty_drawer(at):
    at(NOW)
    kept_pages.pages.empty()


def versions():
    home, food = (shelf_version.of_category(slug, at=NOW) for slug in ("home", "food"))
    return home, food, shelf_version.of_everything(at=NOW)


def asked(path):
    with CaptureQueriesContext(connection) as taken:
        assert Client().get(path).status_code == 200
    return [each["sql"] for each in taken if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def counted(listing, left):
    stock.count(variant_id=listing.pk, on_hand=left, actor=SYSTEM, at=NOW)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
class TestWhatMoves:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE catalog_listing SET shelf_price_minor = shelf_price_minor + 1",
            "UPDATE catalog_listing SET state = 'suspended'",
            "UPDATE catalog_stock SET on_hand = 0",
            "UPDATE catalog_stock SET sold = sold + 1",
            "UPDATE catalog_variant SET state = 'retired'",
            "UPDATE merchants_merchant SET grade = 'B'",
            "UPDATE merchants_merchant SET display_name = '改名'",
        ],
    )
    def test_its_own_shelf_and_the_search(self, change):
        a_listing()
        before = versions()
        sql(change)
        after = versions()
        assert after[0] != before[0]
        assert after[1] == before[1]
        assert after[2] != before[2]

    @pytest.mark.parametrize("change", ["state = 'suspended'", "hidden = true", "place = 'HK'"])
    def test_every_shelf_when_a_shop_comes_or_goes(self, change):
        a_listing()
        before = versions()
        sql(f"UPDATE merchants_merchant SET {change}")
        assert all(new != old for new, old in zip(versions(), before, strict=True))

    def test_a_reduction_that_ends_by_the_clock(self):
        listing = a_listing()
        a_deal(listing, "39.00", at=NOW - 2 * DAY)
        published(listing, at=NOW, price_minor=2900, reduction=a_claim("39.00", until="2026-11-23"))
        end = shelf_version.of_category("home", at=NOW)[2]
        before = shelf_version.of_category("home", at=end - timedelta(microseconds=1))
        assert shelf_version.of_category("home", at=end)[:3] != before[:3]

    def test_a_campaign_s_price_that_comes_ends_by_the_clock_or_is_taken_away(self):
        listing = a_listing()
        before, end = versions(), NOW + DAY
        terms = campaign_prices.Terms(new_id(), {"zh-hans": "好物日"}, 200, 500, NOW - DAY, end)
        campaign_prices.open_for([listing], terms, left_minor=100_000)
        assert versions()[0] != before[0]
        there = shelf_version.of_category("home", at=end - timedelta(microseconds=1))
        assert shelf_version.of_category("home", at=end)[:-1] != there[:-1]
        before = versions()
        campaign_prices.close(terms.campaign_id, at=NOW)
        assert versions()[0] != before[0]

    def test_a_rolled_back_change_leaves_no_mark_and_its_version_never_comes_back(self):
        a_listing()
        before = versions()
        with transaction.atomic():
            sql("UPDATE catalog_stock SET on_hand = 0")
            undone = versions()
            transaction.set_rollback(True)
        assert versions() == before
        sql("UPDATE catalog_stock SET on_hand = 0")
        assert versions()[0] not in (before[0], undone[0])


@pytest.mark.django_db
class TestWhatDoesNot:
    def test_a_draft_a_held_piece_and_a_fact_that_shows_nowhere(self):
        listing = a_listing(stock=5)
        before = versions()
        drafting.edit_draft(listing_id=listing.pk, changes={"price_minor": 999}, actor=SYSTEM, at=NOW)
        stock.reserve(lines=[(listing.pk, 2)], reference=new_id(), expires_at=NOW + DAY, at=NOW)
        Merchant.objects.update(payout_delay_days=3)
        assert versions() == before

    def test_folding(self):
        listing = a_listing(stock=5)
        shelf_version.fold()
        for left in range(shelf_version.FOLDED_FROM):
            counted(listing, left % 2)
        before, rows = versions(), ShelfMark.objects.count()
        gone = shelf_version.fold()
        assert gone >= shelf_version.FOLDED_FROM
        assert versions() == before
        assert ShelfMark.objects.count() == rows - gone + 1
        assert shelf_version.fold() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/c/home/", "/c/home/?sort=sold&stock=1&grade=B&new=1", "/search?q=月白釉"])
def test_a_table_that_a_shelf_reads_marks_it(path):
    """A new table on a shelf needs a trigger of migration 0016's kind, or to be frozen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'marks_shelf%'")
        marking = {name for (name,) in cursor.fetchall()}
    listing = a_listing()
    a_deal(listing, "39.00", at=NOW - 2 * DAY)
    published(listing, at=NOW, price_minor=2900, reduction=a_claim("39.00", until="2026-11-23"))
    # What the version's own statement reads moves it by itself.
    shown = [each for each in asked(path) if "catalog_shelfmark" not in each]
    read = {table for each in shown for table in TABLE.findall(each)}
    assert "catalog_listing" in read
    known = {*marking, *fingerprints.FROZEN, *FOLLOWS}
    assert {each for each in read - known if not each.startswith("rulebook_")} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/c/home/", "/c/home/?stock=1", "/search?q=月白釉"])
def test_a_shelf_takes_one_statement_when_kept(path):
    a_listing()
    asked(path)
    assert len(asked(path)) == 1


def without_tokens(path):
    return OWN.sub("", Client().get(path).content.decode())


@pytest.mark.django_db(transaction=True)
def test_a_page_made_while_a_change_is_on_its_way_is_not_kept_beyond_it():
    """Two connections: price and stock are written, not committed, while pages are made, kept and seen."""
    listing = a_listing()
    paths = ["/c/home/", "/search?q=月白釉", f"/p/{listing.pk}/"]
    written, looked = threading.Event(), threading.Event()

    def change():
        try:
            with transaction.atomic():
                published(listing, at=NOW, price_minor=4500)
                counted(listing, 0)
                written.set()
                looked.wait(60)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    other.start()
    assert written.wait(60)
    during = [[without_tokens(path) for path in paths] for _ in range(2)]
    looked.set()
    other.join()
    after = [without_tokens(path) for path in paths]
    kept_pages.pages.empty()
    assert during[0] == during[1]
    assert all("45.00" in new and "45.00" not in old for old, new in zip(during[0], after, strict=True))
    assert after == [without_tokens(path) for path in paths]


@pytest.mark.django_db(transaction=True)
def test_a_change_between_version_and_rows_is_shown_at_once_and_later(monkeypatch):
    """The version is asked first, so what commits before the rows are read is never hidden."""
    listing = a_listing()
    genuine = shelf_version.of_category

    def then_a_change(slug, *, at):
        found = genuine(slug, at=at)
        thread = threading.Thread(target=lambda: (counted(listing, 0), connection.close()))
        thread.start()
        thread.join()
        return found

    monkeypatch.setattr(shelf_version, "of_category", then_a_change)
    first = Client().get("/c/home/").content.decode()
    monkeypatch.undo()
    assert "is-out" in first
    assert "is-out" in Client().get("/c/home/").content.decode()


@pytest.mark.django_db
def test_a_card_names_the_campaign_and_its_price_beside_the_price_of_every_day():
    listing = a_listing(price_minor=10_000)
    terms = campaign_prices.Terms(new_id(), {"zh-hans": "安心好物日"}, 200, 500, NOW - DAY, NOW + DAY)
    for path in ("/c/home/", "/search?q=月白釉"):
        assert "安心好物日" not in Client().get(path).content.decode()
    campaign_prices.open_for([listing], terms, left_minor=100_000)
    for path in ("/c/home/", "/search?q=月白釉"):
        page = Client().get(path).content.decode()
        assert re.search(
            r'<p class="deal"><span>安心好物日</span> 结账时 <b class="num">¥8\d\.00</b>', page
        ), page
        # What the law lets stand crossed out isn't known for a card: nothing is.
        assert 'class="was"' not in page
