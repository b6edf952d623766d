"""Freight templates and weights go out in a file and come back as they were; a wrong one says what to do."""

import csv
import io

import pytest
from django.urls import reverse

from catalog import drafting, freight_templates, publishing
from catalog.freight_templates import Written
from catalog.models import Listing, ListingRevision
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.freight import EAST, WEST, a_template
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variants_of
from tests.catalog.test_import import a_row, take

pytestmark = pytest.mark.django_db
BY_WEIGHT = {**EAST, "first": 1000, "further": 500}


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def template(shop):
    """By weight, and changed once since it was made."""
    made = a_template(shop, name="=陶器 快递", by="weight", zones=(BY_WEIGHT,))
    return freight_templates.change(
        template_id=made.pk,
        written=Written(made.name, "weight", [BY_WEIGHT, WEST]),
        actor=Actor.member(new_id(), shop.pk),
        at=LISTED,
    )


@pytest.fixture
def goods(shop, template):
    """Two hundred grams more for what is large; the listing says 800."""
    listing = a_listing_with_variants(
        merchant=shop, white_large={"weight_grams": 1000}, black_large={"weight_grams": 1001}, live=False
    )
    freight_and_weight(listing, template, 800)
    return Listing.objects.get(pk=listing.pk)


def freight_and_weight(listing, template, grams):
    actor = Actor.member(new_id(), listing.merchant_id)
    changes = {"freight_template": str(template.pk), "weight_grams": grams}
    drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=actor, at=LISTED)
    publishing.publish(listing_id=listing.pk, actor=actor, at=LISTED)


def whole(shop, ending="csv"):
    client = a_member(shop, at=LISTED).client
    return client.get(reverse("catalog:listings-whole", args=[shop.slug, ending])).content


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def a_file(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(out.getvalue().encode())


def drafts():
    return list(Listing.objects.order_by("pk").values_list("draft", "freight_template_id"))


class TestThereAndBack:
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_untouched_it_changes_nothing(self, shop, template, goods, ending):
        single = a_listing(merchant=shop, code="S", freight_template=str(template.pk), weight_grams=350)
        a_listing(merchant=shop, code="F", title="定价运费的茶则")
        before, versions = drafts(), ListingRevision.objects.count()
        content = whole(shop, ending)
        summary, seen = take(io.BytesIO(content), shop)
        assert dict(summary.results) == {"unchanged": 6}, [each.problems for each in seen]
        assert (drafts(), ListingRevision.objects.count()) == (before, versions)
        assert single.draft["weight_grams"] == 350

    def test_the_cells_say_template_and_weights_and_no_sum_beside_it(self, shop, goods):
        first, *others = rows_of(whole(shop))
        assert (first["freight_template"], first["freight"], first["weight"]) == ("'=陶器 快递", "", "800")
        assert [row["variant_weight"] for row in (first, *others)] == ["", "1000", "", "1001"]
        assert {row["freight_template"] for row in others} == {""}

    def test_a_changed_weight_changes_its_variant_alone(self, shop, goods):
        rows = rows_of(whole(shop))
        rows[1]["variant_weight"] = "1600"
        summary, _seen = take(a_file(*rows), shop)
        assert summary.results["refused"] == 0
        goods.refresh_from_db()
        weights = {each["id"]: each.get("weight_grams") for each in goods.draft["variants"]}
        ids = {key: str(row.pk) for key, row in variants_of(goods).items()}
        assert weights == {
            ids["white_small"]: None,
            ids["white_large"]: 1600,
            ids["black_small"]: None,
            ids["black_large"]: 1001,
        }

    def test_a_template_that_is_called_none_goes_by_its_id(self, shop):
        odd = a_template(shop, name="none")
        listing = a_listing(merchant=shop, freight_template=str(odd.pk))
        (row,) = rows_of(whole(shop))
        assert row["freight_template"] == str(odd.pk)
        take(a_file(row), shop)
        assert Listing.objects.get(pk=listing.pk).freight_template_id == odd.pk


class TestWrong:
    def problems(self, shop, *rows):
        before = drafts()
        summary, seen = take(a_file(*rows), shop)
        assert summary.results["refused"] == len(rows) and drafts() == before
        return [problem for each in seen for problem in each.problems]

    def test_a_template_that_there_isnt_is_named_with_those_that_there_are(self, shop, template):
        ((column, words, cell),) = self.problems(shop, a_row(freight="", freight_template="陶瓷快递"))
        assert (column, cell) == ("freight_template", "陶瓷快递")
        assert "陶瓷快递" in words and "=陶器 快递" in words and "运费模板" in words

    def test_another_shops_template_isnt_there(self, shop):
        theirs = a_template(a_merchant())
        ((column, words, _cell),) = self.problems(shop, a_row(freight="", freight_template=theirs.name))
        assert column == "freight_template" and "还没有运费模板" in words

    def test_a_sum_beside_a_template_is_refused(self, shop, template, goods):
        single = a_listing(merchant=shop, code="S", freight_template=str(template.pk), weight_grams=350)
        row = {"code": "S", "freight": "5.00"}
        ((column, words, cell),) = self.problems(shop, row)
        assert (column, cell) == ("freight", "5.00") and "none" in words
        take(a_file({**row, "freight_template": "none"}), shop)
        single.refresh_from_db()
        assert (single.freight_template_id, single.draft["freight_minor"]) == (None, 500)

    @pytest.mark.parametrize("cell", ["0", "1.5", "1000001", "800 g", "-3"])
    def test_a_weight_that_is_none(self, shop, goods, cell):
        rows = rows_of(whole(shop))
        rows[3]["variant_weight"] = cell
        said = self.problems(shop, *rows)
        assert ("variant_weight", cell) in [(column, written) for column, _words, written in said]
