"""A price is crossed out of each variant by its own deals; the page shows that of the one chosen."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog import deals, reductions
from catalog.models import Deal, Listing, Reduction
from catalog.publishing import ListingIncomplete
from kernel.ids import new_id
from tests.builders.freight import a_template
from tests.builders.people import a_member, a_visitor
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variants_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def merchant():
    return a_merchant()


@pytest.fixture
def goods(merchant):
    """39.00 each; the large white one was sold at 69.00, the small white one at 45.00."""
    listing = a_listing_with_variants(merchant=merchant, white_large={"price_minor": 5900})
    rows = variants_of(listing)
    a_deal(listing, "69.00", at=NOW - DAY, variant_id=rows["white_large"].pk)
    a_deal(listing, "45.00", at=NOW - DAY, variant_id=rows["white_small"].pk)
    return listing


def with_claim(listing, key, claim):
    """The draft's variants, one with a crossed-out price."""
    listing.refresh_from_db()
    wanted = str(variants_of(listing)[key].pk)
    return [
        {**each, "reduction": claim if each["id"] == wanted else each.get("reduction")}
        for each in listing.draft["variants"]
    ]


def claim(was):
    return a_claim(was, until="2026-11-23")


def open_ones(listing):
    rows = Reduction.objects.open().filter(listing=listing)
    return {row.variant.sku: row.was_minor for row in rows.select_related("variant")}


def crossed_out(listing, key, *, place="", **headers):
    """What stands crossed out on the page of a variant."""
    row, client = variants_of(listing)[key], a_visitor().client
    if place:
        client.post("/display", {"place": place, "next": "/"})
    address = reverse("catalog:product", args=[listing.pk])
    page = client.get(address, {"variant": str(row.pk)}, **headers).content.decode()
    return [re.sub(r"<[^>]+>", "", each)[-6:] for each in re.findall(r'<del class="was">(.*?)</del>', page)]


class TestPublish:
    def test_a_variant_that_isnt_the_cheapest_has_its_own(self, goods):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        assert open_ones(goods) == {variants_of(goods)["white_large"].sku: 6900}

    def test_several_at_once_each_by_its_own_deals(self, goods):
        published(
            goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")), reduction=claim("45.00")
        )
        rows = variants_of(goods)
        assert open_ones(goods) == {rows["white_large"].sku: 6900, rows["white_small"].sku: 4500}

    @pytest.mark.parametrize(
        ("key", "was"), [("white_large", "69.01"), ("black_large", "45.00"), ("white_large", "59.00")]
    )
    def test_what_its_own_deals_dont_carry_is_refused_with_the_variant_named(self, goods, key, was):
        changed = with_claim(goods, key, claim(was))
        with pytest.raises(ListingIncomplete) as refused, transaction.atomic():
            published(goods, at=NOW, variants=changed)
        gap = refused.value.gaps[0]
        assert (gap.field, gap.duty) == ("variants", "cn.price.reference") and "480 ml" in gap.label
        assert open_ones(goods) == {}

    def test_goes_on_unbroken_while_another_variant_changes(self, goods):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        row = Reduction.objects.open().get()
        black = str(variants_of(goods)["black_small"].pk)
        goods.refresh_from_db()
        dearer = [
            {**each, "price_minor": 4100} if each["id"] == black else each for each in goods.draft["variants"]
        ]
        published(goods, at=NOW + DAY, variants=dearer)
        assert Reduction.objects.open().get().pk == row.pk and row.announced_at == NOW

    def test_ends_when_its_deal_comes_to_nothing_and_the_other_stays(self, goods):
        published(
            goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")), reduction=claim("45.00")
        )
        fallen = Deal.objects.get(variant=variants_of(goods)["white_large"])
        deals.void([fallen.reference], cause="returned", at=NOW)
        assert open_ones(goods) == {variants_of(goods)["white_small"].sku: 4500}

    def test_taken_out_of_the_draft_it_ends(self, goods):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        published(goods, at=NOW, variants=with_claim(goods, "white_large", None))
        assert open_ones(goods) == {} and Reduction.objects.get().ended_why == "replaced"


class TestPages:
    def test_the_crossed_out_price_follows_the_choice(self, goods):
        published(
            goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")), reduction=claim("45.00")
        )
        assert crossed_out(goods, "white_large") == ["¥69.00"]
        assert crossed_out(goods, "white_small") == ["¥45.00"]
        assert crossed_out(goods, "black_large") == []

    def test_the_part_that_a_choice_fetches_says_the_same(self, goods):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "offer"}
        assert crossed_out(goods, "white_large", **part) == ["¥69.00"]
        assert crossed_out(goods, "black_small", **part) == []

    def test_stands_on_what_its_own_weight_costs_to_send(self, goods, merchant):
        zone = {"places": ["CN-ZJ"], "first": 1000, "first_minor": 800, "further": 1000, "further_minor": 300}
        dear = {**zone, "places": ["CN-XJ"], "first_minor": 1000}
        terms = a_template(merchant, by="weight", zones=(zone, dear), at=NOW)
        heavy = [
            {**each, "weight_grams": 1500, "price_minor": 5000} if each.get("reduction") else each
            for each in with_claim(goods, "white_large", claim("69.00"))
        ]
        published(goods, at=NOW, variants=heavy, freight_template=str(terms.pk), weight_grams=900)
        assert Reduction.objects.open().get().price_minor == 5000 + 1000 + 300
        assert crossed_out(goods, "white_large") == ["¥69.00"]
        assert crossed_out(goods, "white_large", place="CN-ZJ") == ["¥67.00"]

    def test_the_card_shows_that_of_the_cheapest_only(self, goods):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        row = Listing.objects.with_offer().annotate(cut=reductions.of_outer_listing(NOW)).get(pk=goods.pk)
        shop = a_visitor().client.get(reverse("catalog:category", args=["home"])).content.decode()
        assert len(row.cut) == 1 and "69.00" not in shop

    def test_is_typed_into_the_editors_table(self, goods, merchant):
        client = a_member(merchant, at=LISTED).client
        goods.refresh_from_db()
        told = {}
        for place, each in enumerate(goods.draft["variants"]):
            price = "" if each["price_minor"] is None else "59.00"
            told |= {f"v{place}-{name}": "" for name in ("barcode", "images", "crossed", "until")}
            told |= {
                f"v{place}-sku": each["sku"],
                f"v{place}-price": price,
                f"v{place}-on_hand": 10,
                f"v{place}-was": 10,
            }
        address = reverse("catalog:listing-variants", args=[merchant.slug, goods.pk])
        assert client.post(address, {**told, "v1-crossed": "abc"}).status_code == 422
        answer = client.post(address, {**told, "v1-crossed": "69.00", "v1-until": "2026-11-23"})
        assert answer.status_code == 303
        goods.refresh_from_db()
        assert (
            goods.draft["variants"][1]["reduction"] == claim("69.00")
            and "reduction" not in goods.draft["variants"][0]
        )
        shown = client.get(reverse("catalog:listing", args=[merchant.slug, goods.pk])).content.decode()
        assert 'value="69.00"' in shown and 'value="2026-11-23"' in shown


class TestPriceCheck:
    def test_answers_for_each_variant_by_its_own_deals(self, goods):
        answers = {}
        for key, row in variants_of(goods).items():
            out = StringIO()
            call_command(
                "price_check",
                variant=str(row.pk),
                at="2026-11-16T10:00+08:00",
                place="CN",
                json=True,
                stdout=out,
            )
            answers[key] = json.loads(out.getvalue())["permitted_minor"]
        assert answers == {"white_small": 4500, "white_large": 6900, "black_small": None, "black_large": None}


class TestKeys:
    @pytest.mark.parametrize("table", ["deal", "reduction"])
    def test_the_table_refuses_a_variant_of_another_listing(self, goods, table):
        published(goods, at=NOW, variants=with_claim(goods, "white_large", claim("69.00")))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_constraint WHERE conname = %s AND convalidated AND contype = 'f'",
                [f"{table}_of_its_own_variant"],
            )
            assert cursor.fetchone() == (1,)

    def test_a_deal_of_a_strange_variant_is_refused(self, goods):
        other = a_listing()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            Deal.objects.create(listing=goods, variant_id=other.pk, reference=new_id(), price_minor=1, at=NOW)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
