"""Rows that share a code are variants of one listing: both ways, whole or not at all, named by their row."""

import csv
import io

import pytest
from django.urls import reverse

from catalog import drafting, pictures, publishing
from catalog.importing.running import run
from catalog.models import Listing, ListingRevision, Stock, Variant
from kernel.actor import Actor
from tests.builders.people import a_member
from tests.builders.photos import photo
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variants_of
from tests.catalog.test_import import a_row, take

pytestmark = pytest.mark.django_db
WHITE, BLACK = "月白 | 月白 | Moon white", "墨黑"


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


def a_table(*rows):
    header = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(out.getvalue().encode())


def variant(value, code="H-1", **cells):
    return {"code": code, "value1": value, **cells}


def a_listing_of(*rows, **cells):
    first = {**a_row(stock="", **cells), "option1": "颜色 | 顏色 | Colour", **rows[0]}
    return [first, *rows[1:]]


def two(**cells):
    return a_listing_of(
        variant(WHITE, sku="W", stock="3", variant_price="45"), variant(BLACK, sku="B", stock="7"), **cells
    )


def problems(seen):
    return [(each.number, each.result, [column for column, _words, _cell in each.problems]) for each in seen]


class TestTaken:
    def test_makes_one_listing_with_its_options(self, shop):
        summary, seen = take(a_table(*two()), shop)
        assert dict(summary.results) == {"published": 2}, problems(seen)
        listing = Listing.objects.get(code="H-1")
        content = listing.live_revision.content
        assert content["options"][0]["labels"] == {"zh-hans": "颜色", "zh-hant": "顏色", "en": "Colour"}
        assert [each["labels"]["zh-hans"] for each in content["options"][0]["values"]] == ["月白", "墨黑"]
        assert [(each["sku"], each["price_minor"]) for each in content["variants"]] == [
            ("W", 4500),
            ("B", 3900),
        ]
        assert dict(Stock.objects.exclude(pk=listing.pk).values_list("variant__sku", "on_hand")) == {
            "W": 3,
            "B": 7,
        }

    def test_the_same_file_again_changes_nothing(self, shop):
        take(a_table(*two()), shop)
        summary, _seen = take(a_table(*two()), shop)
        assert dict(summary.results) == {"unchanged": 2} and ListingRevision.objects.count() == 1

    def test_a_row_alone_changes_its_variant_and_leaves_the_others(self, shop):
        take(a_table(*two()), shop)
        ids = set(Variant.objects.values_list("pk", flat=True))
        more = [variant("墨黑", variant_price="50", option1="颜色"), variant("青瓷", sku="C", stock="1")]
        summary, seen = take(a_table(*more), shop)
        assert dict(summary.results) == {"published": 2}, problems(seen)
        live = Listing.objects.get(code="H-1").live_revision.content
        assert [(each["sku"], each["price_minor"]) for each in live["variants"]] == [
            ("W", 4500),
            ("B", 5000),
            ("C", 3900),
        ]
        assert ids < set(Variant.objects.values_list("pk", flat=True))
        assert Stock.objects.get(variant__sku="B").on_hand == 7

    def test_two_options_in_any_combination(self, shop):
        rows = [
            {**variant(WHITE), "option2": "容量", "value2": "200 ml"},
            {**variant(BLACK), "value2": "480 ml"},
            {**variant(WHITE), "value2": "480 ml"},
        ]
        summary, seen = take(a_table(*a_listing_of(*rows)), shop)
        assert dict(summary.results) == {"published": 3}, problems(seen)
        assert Variant.objects.exclude(choice_key="").count() == 3

    def test_a_dry_run_writes_nothing(self, shop):
        summary, _seen = take(a_table(*two()), shop, dry=True)
        assert dict(summary.results) == {"published": 2} and not Listing.objects.exists()


class TestRefused:
    @pytest.mark.parametrize(
        ("second", "column"),
        [
            (variant(WHITE, sku="B"), "value1"),
            (variant(BLACK, sku="W"), "sku"),
            (variant(BLACK, barcode="6901234567892"), "barcode"),
            (variant(BLACK, barcode="6901234567890"), "barcode"),
            (variant(BLACK, variant_price="0"), "variant_price"),
            (variant(BLACK, variant_price="x"), "variant_price"),
            (variant(BLACK, stock="-1"), "stock"),
            (variant(BLACK, sku="a b"), "sku"),
            (variant(BLACK, variant_pictures="nowhere.jpg"), "variant_pictures"),
            (variant(BLACK, price="12"), "price"),
        ],
    )
    def test_one_bad_row_keeps_its_listing_whole_and_names_itself(self, shop, second, column):
        rows = a_listing_of(variant(WHITE, sku="W", barcode="6901234567892"), second)
        summary, seen = take(a_table(*rows, a_row(code="H-2", **{"title_zh-hans": "另一只茶盘"})), shop)
        assert dict(summary.results) == {"refused": 2, "published": 1}
        assert problems(seen)[:2] == [(2, "refused", [""]), (3, "refused", [column])]
        assert "3" in seen[0].problems[0][1] and list(Listing.objects.values_list("code", flat=True)) == [
            "H-2"
        ]

    def test_the_same_choice_names_the_other_row(self, shop):
        _summary, seen = take(a_table(*a_listing_of(variant(WHITE), variant(BLACK), variant("月白"))), shop)
        assert "2" in seen[2].problems[0][1]

    def test_a_sku_of_another_listing_of_the_shop_or_file(self, shop):
        a_listing(merchant=shop, code="OTHER")
        _summary, seen = take(a_table(*a_listing_of(variant(WHITE), variant(BLACK, sku="OTHER"))), shop)
        assert problems(seen)[1] == (3, "refused", ["sku"])
        rows = [
            *two(),
            *a_listing_of(
                variant(WHITE, "H-9", sku="W"),
                variant(BLACK, "H-9"),
                code="H-9",
                **{"title_zh-hans": "第三只"},
            ),
        ]
        summary, seen = take(a_table(*rows), shop)
        assert problems(seen)[2] == (4, "refused", ["sku"]) and summary.results["published"] == 2

    def test_rows_of_a_listing_that_stand_apart(self, shop):
        rows = [*two(), a_row(code="H-2", **{"title_zh-hans": "另一只茶盘"}), variant("青瓷", option1="颜色")]
        summary, seen = take(a_table(*rows), shop)
        assert problems(seen)[3] == (5, "refused", ["code"]) and summary.results["published"] == 3

    def test_other_options_than_the_listing_has(self, shop):
        listing = a_listing_with_variants(merchant=shop)
        rows = [{"code": listing.code, "option1": "尺寸", "value1": "大"}]
        _summary, seen = take(a_table(*rows), shop)
        assert problems(seen) == [(2, "refused", ["option1"])]

    def test_stock_of_a_listing_with_variants_needs_to_say_of_which(self, shop):
        listing = a_listing_with_variants(merchant=shop)
        _summary, seen = take(a_table({"code": listing.code, "stock": "4"}), shop)
        assert problems(seen) == [(2, "refused", ["value1"])]

    def test_too_many_variants(self, shop):
        rows = a_listing_of(*(variant(f"色{n}") for n in range(40)))
        summary, _seen = take(a_table(*rows), shop)
        assert dict(summary.results) == {"refused": 40} and not Listing.objects.exists()


class TestThereAndBack:
    def whole(self, shop, ending="csv"):
        client = a_member(shop, at=LISTED).client
        answer = client.get(reverse("catalog:listings-whole", args=[shop.slug, ending]))
        assert answer.status_code == 200
        return answer.content

    def a_shop(self, shop):
        own = pictures.add(merchant_id=shop.pk, upload=photo(name="壶.jpg"), actor=Actor.system(), at=LISTED)
        images = [{"src": own.source, "alt": {"zh-hans": "壶", "en": "A pot"}, "mat": "moss"}]
        a_listing(merchant=shop, code="A", images=images, terms={"excludes_return": None, "promises": []})
        # A file hands complete drafts in, so this one lacks its maker.
        draft = a_listing(
            merchant=shop, code="D", live=False, title="=1+1", description={"zh-hans": "一行\n=2+2, “好”"}
        )
        actor = Actor.member(shop.pk, shop.pk)
        changes = {"attributes": {"maker": None}}
        drafting.edit_draft(listing_id=draft.pk, changes=changes, actor=actor, at=LISTED)
        gone = a_listing(merchant=shop, code="W", title="收起来的茶则")
        publishing.withdraw(listing_id=gone.pk, actor=actor, at=LISTED)
        return a_listing_with_variants(
            merchant=shop, white_large={"price_minor": 5900, "images": [1], "barcode": "6901234567892"}
        )

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_untouched_it_changes_nothing(self, shop, ending):
        self.a_shop(shop)
        before = list(Listing.objects.order_by("pk").values_list("draft", "barcode"))
        content = self.whole(shop, ending)
        summary, seen = take(io.BytesIO(content), shop)
        assert set(summary.results) == {"unchanged"} and summary.total == 7, [each.problems for each in seen]
        assert list(Listing.objects.order_by("pk").values_list("draft", "barcode")) == before
        if ending == "csv":
            assert self.whole(shop) == content
            assert "壶.jpg".encode() in content and b"'=1+1" in content

    def test_a_changed_cell_changes_its_variant_alone(self, shop):
        listing = self.a_shop(shop)
        content = self.whole(shop).decode("utf-8-sig").replace(",59.00,", ",61.00,")
        summary, _seen = take(io.BytesIO(content.encode()), shop)
        assert summary.results["published"] == 4 and summary.results["unchanged"] == 3
        listing.refresh_from_db()
        prices = {each["id"]: each["price_minor"] for each in listing.draft["variants"]}
        assert prices.pop(str(variants_of(listing)["white_large"].pk)) == 6100 and set(prices.values()) == {
            None
        }

    def test_into_an_empty_shop_makes_the_same(self, shop):
        listing, other = self.a_shop(shop), a_merchant()
        content = self.whole(shop).decode("utf-8-sig").replace("壶.jpg", "pictures/1f375.webp")
        summary, seen = take(io.BytesIO(content.encode()), other)
        assert summary.results["refused"] == 0, [each.problems for each in seen]
        copy = Listing.objects.get(merchant=other, code=listing.code)
        assert [each["sku"] for each in copy.draft["variants"]] == [
            each["sku"] for each in listing.draft["variants"]
        ]


def test_a_listing_longer_than_a_batch_stays_together(shop, monkeypatch):
    monkeypatch.setattr("catalog.importing.running.BATCH", 1)
    summary = run(
        a_table(*two(), a_row(code="H-2", **{"title_zh-hans": "另一只茶盘"})),
        merchant=shop,
        actor=Actor.system(),
        at=LISTED,
    )
    assert dict(summary.results) == {"published": 3}
