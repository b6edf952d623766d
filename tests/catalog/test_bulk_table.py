"""The table's filters and orders, one step for many rows, and the file there and back."""

import io
import re
from datetime import timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog import drafting, stock
from catalog.models import BulkChange, Listing, Stock
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variants_of

pytestmark = pytest.mark.django_db
NOW = LISTED + timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def shop():
    merchant = a_merchant()
    return SimpleNamespace(merchant=merchant, client=a_member(merchant, at=LISTED).client)


def url(shop, name="bulk", *args):
    return reverse(f"catalog:{name}", args=[shop.merchant.slug, *args])


def rows(shop, **query):
    said = shop.client.get(url(shop), query).content.decode()
    return re.findall(r'<span class="meta num">([\w.-]+)</span></th>', said)


def goods(shop):
    a_listing(merchant=shop.merchant, code="A", price="39.00", stock=0)
    a_listing(merchant=shop.merchant, code="B", price="9.00", stock=50)
    a_listing(merchant=shop.merchant, code="C", price="20.00", stock=5, live=False)


def step(shop, query="", **told):
    page = shop.client.get(url(shop) + query).content.decode()
    posted = {"row": re.findall(r'name="row" value="(\w+)"', page), **told}
    for name, value in re.findall(r'name="([pws]-\w+)"[^>]*? value="([^"]*)"', page):
        posted.setdefault(name, value)
    return shop.client.post(url(shop, "bulk-check") + query, posted)


def lines(answer):
    """The plan's lines without their ids."""
    plan = re.search(r'name="plan" value="([^"]*)"', answer.content.decode())
    return sorted(line.partition(" ")[2] for line in plan[1].split("\n")) if plan else []


class TestTable:
    def test_filters_and_sorts(self, shop):
        goods(shop)
        assert rows(shop, sort="price") == ["B", "C", "A"] and rows(shop, sort="-price") == ["A", "C", "B"]
        assert rows(shop, sort="stock") == ["A", "C", "B"] and rows(shop, sort="-stock") == ["B", "C", "A"]
        assert rows(shop, low="5", sort="sku") == ["A", "C"] and rows(shop, state="draft") == ["C"]
        assert rows(shop, q="b", sort="sku") == ["B"] and rows(shop, category="books") == []
        assert rows(shop, low="x", state="nonsense", sort="nonsense", page="99") != []

    def test_has_each_drafted_variant_once_and_none_that_was_taken_out(self, shop):
        listing = a_listing_with_variants(merchant=shop.merchant, white_large={"price_minor": 5900})
        skus = sorted(row.sku for row in variants_of(listing).values())
        assert (
            sorted(rows(shop)) == skus
            and rows(shop, sort="-price")[0] == variants_of(listing)["white_large"].sku
        )
        listing.refresh_from_db()
        drafting.edit_draft(
            listing_id=listing.pk, changes={"variants": listing.draft["variants"][:2]},
            actor=Actor.member(new_id(), shop.merchant.pk), at=NOW,
        )  # fmt: skip
        assert len(rows(shop)) == 2

    def test_costs_the_same_however_many_rows(self, shop, django_assert_max_num_queries):
        a_listing_with_variants(merchant=shop.merchant)
        goods(shop)
        shop.client.get(url(shop))
        with django_assert_max_num_queries(20):
            assert len(rows(shop)) == 7


class TestStep:
    def test_for_ticked_rows_only(self, shop):
        goods(shop)
        tick = Listing.objects.get(code="B").pk.hex
        answer = step(shop, pick=[tick], scope="ticked", price_step="raise", amount="10", rounding="jiao")
        assert lines(answer) == ["900 50 990 ="]

    def test_for_all_rows_found_on_other_pages_too(self, shop):
        goods(shop)
        answer = step(
            shop,
            "?low=5",
            row=[],
            scope="found",
            price_step="minus",
            amount="5",
            stock_step="set",
            pieces="8",
        )
        assert lines(answer) == ["2000 5 1500 8", "3900 0 3400 8"]

    def test_more_rows_than_go_at_once_are_refused(self, shop, monkeypatch):
        goods(shop)
        monkeypatch.setattr("catalog.bulk.applying.most", lambda *, at: 2)
        answer = step(shop, scope="found", price_step="plus", amount="1")
        assert answer.status_code == 422 and "3" in answer.content.decode() and not lines(answer)

    @pytest.mark.parametrize(
        "told",
        [
            {"price_step": "raise", "amount": ""},
            {"price_step": "raise", "amount": "x"},
            {"price_step": "set", "amount": "1.234"},
            {"stock_step": "add", "pieces": ""},
            {"stock_step": "add", "pieces": "-1"},
            {"price_step": "nonsense"},
        ],
    )
    def test_that_cant_be_read_is_refused_and_stays_typed(self, shop, told):
        goods(shop)
        tick = Listing.objects.get(code="B").pk.hex
        answer = step(shop, pick=[tick], scope="ticked", **told)
        assert answer.status_code == 422 and "checked" in answer.content.decode()


class TestFile:
    def file(self, shop, ending="csv", query=""):
        answer = shop.client.get(url(shop, "bulk-file", ending) + query)
        assert answer.status_code == 200
        return answer.content

    def send(self, shop, content, name="f.csv"):
        return shop.client.post(url(shop, "bulk-upload"), {"file": SimpleUploadedFile(name, content)})

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_untouched_changes_nothing_even_after_a_sale(self, shop, ending):
        goods(shop)
        a_listing_with_variants(merchant=shop.merchant)
        content = self.file(shop, ending)
        sold = Listing.objects.get(code="B")
        stock.add(variant_id=sold.pk, quantity=-3, actor=Actor.system(), at=NOW)
        answer = self.send(shop, content, f"f.{ending}")
        assert answer.status_code == 422 and not lines(answer)
        assert Stock.objects.get(pk=sold.pk).on_hand == 47

    def test_changed_cells_are_checked_and_a_stale_count_is_noticed(self, shop):
        goods(shop)
        content = self.file(shop).decode("utf-8-sig").replace("9.00,50,0,9.00,50", "9.50,60,0,9.00,50")
        stock.add(variant_id=Listing.objects.get(code="B").pk, quantity=-3, actor=Actor.system(), at=NOW)
        answer = self.send(shop, content.encode())
        assert lines(answer) == ["900 50 950 60"] and "chip--late" in answer.content.decode()

    def test_in_another_language_is_read_all_the_same(self, shop):
        goods(shop)
        content = b"SKU,Price,Stock\nB,10.00,\nA,,3\n"
        assert lines(self.send(shop, content)) == ["3900 0 - 3", "900 50 1000 ="]

    def test_rows_that_cant_be_read_are_named_and_left_out(self, shop):
        goods(shop)
        theirs = a_listing(code="THEIRS")
        content = b"SKU,Price,Stock\nA,abc,\nB,10,\nB,11,\nTHEIRS,1,\nNO,1,\nC,,1.5\n"
        answer = self.send(shop, content)
        said = answer.content.decode()
        assert lines(answer) == ["900 50 1000 ="] and said.count("</b> · ") == 5 and theirs.pk.hex not in said

    @pytest.mark.parametrize(
        "content", [b"", b"a,b\n1,2\n", b"SKU,Title\nA,x\n", b"\x00\x01\x02", b"PK\x03\x04junk"]
    )
    def test_that_is_none_is_refused(self, shop, content):
        goods(shop)
        assert self.send(shop, content).status_code == 422 and not BulkChange.objects.exists()

    def test_too_many_rows_are_refused(self, shop, monkeypatch):
        goods(shop)
        content = b"SKU,Price\n" + b"X,1\n" * 20_001
        answer = self.send(shop, content)
        assert answer.status_code == 422 and not lines(answer)

    def test_a_title_that_is_a_formula_is_a_text(self, shop):
        listing = a_listing(merchant=shop.merchant, code="F")
        Listing.objects.filter(pk=listing.pk).update(working_title='=HYPERLINK("http://x")')
        assert "'=HYPERLINK" in self.file(shop).decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(self.file(shop, "xlsx")))
        cell = book.active["C2"]
        assert cell.data_type == "s" and cell.value.startswith("'=")

    def test_has_only_what_was_found(self, shop):
        goods(shop)
        assert self.file(shop, query="?q=B").count(b"\r\n") == 2
        assert shop.client.get(url(shop, "bulk-file", "exe")).status_code == 404
