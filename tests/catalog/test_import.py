"""Listings from files: whole rows or none, the same file twice changes nothing, every row is reported."""

import gzip
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.importing.reading import ColumnMap, ColumnMissing, FileUnreadable
from catalog.importing.running import run
from catalog.models import Listing, ListingRevision, Stock
from catalog.values import written
from kernel.actor import Actor
from tests.builders.shops import LISTED, a_listing, a_merchant, complete_attributes, papers_for, the_schema

pytestmark = pytest.mark.django_db
FOODS = Path(__file__).resolve().parents[2] / "catalog" / "data" / "openfoodfacts"


def a_file(*rows, header=None):
    header = header or list(rows[0])
    lines = [",".join(header)] + [",".join(f'"{row.get(name, "")}"' for name in header) for row in rows]
    return io.BytesIO("\n".join(lines).encode())


def a_row(category="home", without="", **cells):
    schema = the_schema(category)
    answers = {
        spec.key: written(spec, value)
        for spec in schema.fields
        if (value := complete_attributes(schema).get(spec.key)) is not None
    }
    row = {
        "code": "H-1",
        "category": category,
        "title_zh-hans": "竹茶盘",
        "price": "39.00",
        "freight": "0",
        "stock": "5",
    }
    return {key: value for key, value in {**row, **answers, **cells}.items() if key != without}


def take(stream, merchant, **options):
    seen = []
    summary = run(stream, merchant=merchant, actor=Actor.system(), at=LISTED, report=seen.append, **options)
    return summary, seen


@pytest.fixture
def shop():
    return a_merchant()


class TestRows:
    def test_complete_rows_go_on_sale_others_become_drafts_with_their_gaps(self, shop):
        summary, seen = take(a_file(a_row(), a_row(code="H-2", without="maker"), header=list(a_row())), shop)
        assert dict(summary.results) == {"published": 1, "draft": 1}
        assert seen[1].gaps == (("maker", "cn.disclosure.general"),)
        assert Listing.objects.get(code="H-1").is_live
        assert Stock.objects.get(listing__code="H-1").on_hand == 5
        assert Listing.objects.get(code="H-2").state == "draft"

    def test_the_same_file_twice_changes_nothing(self, shop):
        for _ in range(2):
            summary, _seen = take(a_file(a_row(), a_row(code="H-2", price="")), shop)
        assert dict(summary.results) == {"unchanged": 2}
        assert ListingRevision.objects.count() == 1

    def test_a_second_file_completes_a_draft(self, shop):
        take(a_file(a_row(price="")), shop)
        summary, _seen = take(a_file({"code": "H-1", "price": "12.50"}), shop)
        assert dict(summary.results) == {"published": 1}
        assert Listing.objects.get(code="H-1").live_revision.price_minor == 1250

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ({"price": "-3"}, "price"),
            ({"price": "0"}, "price"),
            ({"price": "1e5"}, "price"),
            ({"stock": "many"}, "stock"),
            ({"item_kind": "spaceship"}, "item_kind"),
            ({"promises": "moon"}, "promises"),
            ({"picture": "pictures/../../settings.py"}, ""),
            ({"picture": "pictures/no-such.webp"}, ""),
            ({"barcode": "4006381333930"}, ""),
            ({"code": ""}, ""),
        ],
    )
    def test_a_bad_cell_refuses_its_row_whole_and_the_next_goes_on(self, shop, cells, column):
        header = [*a_row(), "promises", "barcode", "picture"]
        _summary, seen = take(a_file(a_row(**cells), a_row(code="H-2"), header=header), shop)
        assert [outcome.result for outcome in seen] == ["refused", "published"]
        assert seen[0].problems[0][0] == column
        assert list(Listing.objects.values_list("code", flat=True)) == ["H-2"]

    def test_a_category_that_does_not_exist_refuses_the_row(self, shop):
        _summary, seen = take(a_file({**a_row(), "category": "weapons"}), shop)
        assert [outcome.result for outcome in seen] == ["refused"]

    def test_bytes_that_are_no_utf8_refuse_their_row(self, shop):
        good = a_file(a_row(), a_row(code="H-2")).getvalue()
        _summary, seen = take(
            io.BytesIO(good.replace("竹茶盘".encode(), "竹茶盘".encode("gb18030"), 1)), shop
        )
        assert [outcome.result for outcome in seen] == ["refused", "published"]

    def test_a_code_twice_in_a_file_is_taken_once(self, shop):
        _summary, seen = take(a_file(a_row(), a_row(price="99.00")), shop)
        assert [outcome.result for outcome in seen] == ["published", "refused"]

    @pytest.mark.parametrize(
        "category", ["food", "cosmetics", "textiles", "electronics", "books-media", "digital"]
    )
    def test_a_missing_field_is_named_with_its_duty_in_every_category(self, shop, category):
        schema = the_schema(category)
        papers_for(shop, category, {"attributes": complete_attributes(schema)})
        demanded = [each for each in schema.fields if each.required]
        rows = [a_row(category, without=spec.key, code=spec.key) for spec in demanded]
        _summary, seen = take(a_file(*rows, header=["code", *a_row(category)]), shop)
        for outcome, spec in zip(seen, demanded, strict=True):
            if spec.type == "choice":
                assert (spec.key, spec.duty) in outcome.gaps
            else:
                assert outcome.gaps == ((spec.key, spec.duty),)

    def test_other_shops_listings_stay_untouched(self, shop):
        other = a_listing(code="H-1")
        take(a_file(a_row()), shop)
        assert Listing.objects.filter(code="H-1").count() == 2
        other.refresh_from_db()
        assert other.live_revision.number == 1

    def test_dry_run_writes_nothing(self, shop):
        summary, _seen = take(a_file(a_row()), shop, dry=True)
        assert dict(summary.results) == {"published": 1}
        assert not Listing.objects.exists()


class TestFiles:
    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\0\0", b"\x1f\x8bnot gzip"])
    def test_what_is_no_csv_is_refused_before_anything_is_written(self, shop, content):
        with pytest.raises((FileUnreadable, ColumnMissing)):
            take(io.BytesIO(content), shop)

    def test_packed_files_are_read(self, shop):
        summary, _seen = take(io.BytesIO(gzip.compress(a_file(a_row()).getvalue())), shop)
        assert summary.results["published"] == 1


class TestRealFood:
    def test_the_first_hundred_land_as_drafts_and_completed_ones_publish(self, shop, tmp_path, capsys):
        columns = ColumnMap.read(json.loads((FOODS / "columns.json").read_text()))
        with (FOODS / "products.csv.gz").open("rb") as stream:
            summary, _seen = take(stream, shop, columns=columns, most=100)
        assert dict(summary.results) == {"draft": 100}
        assert summary.gaps.most_common(1)[0][1] == 100

    def test_the_command_reports_every_row(self, shop, tmp_path, capsys):
        path = tmp_path / "few.csv"
        path.write_bytes(a_file(a_row(), a_row(code="=cmd()", price="")).getvalue())
        call_command("import_listings", str(path), merchant=shop.slug, report=tmp_path / "out.csv")
        said = capsys.readouterr().out
        assert "2 rows in" in said
        assert "published" in said
        assert "'=cmd()" in (tmp_path / "out.csv").read_text()
