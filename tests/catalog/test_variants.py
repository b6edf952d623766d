"""Variants: kept beside the draft, frozen with their prices, on sale one by one."""

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import drafting, offers, publishing, stock, variants
from catalog.models import Listing, PriceHistory, Stock, Variant
from catalog.publishing import ListingIncomplete
from kernel.actor import Actor
from kernel.errors import IllegalMove, Invalid, NotFound
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import COLOUR, SIZE, a_draft_of_variants, a_listing_with_variants, variants_of

ACTOR = Actor.system()
pytestmark = pytest.mark.django_db


def edit(listing, **changes):
    drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=ACTOR, at=LISTED)
    return Listing.objects.get(pk=listing.pk)


def publish(listing):
    return publishing.publish(listing_id=listing.pk, actor=ACTOR, at=LISTED)


def states(listing):
    return {row.choice_key: row.state for row in Variant.objects.of_listing(listing.pk)}


class TestWithoutOptions:
    def test_a_listing_has_one_with_its_own_id_and_code(self):
        listing = a_listing(code="T-1", stock=3)
        row = Variant.objects.get(listing=listing)
        assert (row.pk, row.sku, row.state, row.merchant_id) == (
            listing.pk, "T-1", "active", listing.merchant_id,
        )  # fmt: skip
        assert stock.available(listing) == 3

    def test_it_is_frozen_with_its_price(self):
        listing = a_listing(code="T-1", price="39.00", barcode="6901234567892")
        assert listing.live_revision.content["variants"] == [
            {"id": str(listing.pk), "sku": "T-1", "choice": {}, "price_minor": 3900,
             "barcode": "6901234567892", "images": []},
        ]  # fmt: skip

    def test_what_was_frozen_before_there_were_variants_still_reads(self):
        content = {"price_minor": 3900, "freight_minor": 600, "currency": "CNY", "images": []}
        number = new_id()
        (only,) = offers.variants(content, number)
        assert (only.id, only.all_in.minor, offers.choice_words(content, number, "en")) == (number, 4500, "")
        assert offers.variant(content, number) == only


class TestKeep:
    def test_each_choice_has_its_row_and_its_stock(self):
        listing = a_listing_with_variants(live=False)
        rows = variants_of(listing)
        assert set(rows) == {"white_small", "white_large", "black_small", "black_large"}
        assert [each["id"] for each in listing.draft["variants"]] == [str(row.pk) for row in rows.values()]
        assert {row.state for row in rows.values()} == {"draft"}
        assert stock.available(listing) == 0, "nothing is on sale yet"

    def test_a_choice_that_comes_back_is_the_same_variant(self):
        listing = a_listing_with_variants(stocks={"white_small": 7})
        before = variants_of(listing)["white_small"]
        edit(listing, variants=a_draft_of_variants()[1:])
        publish(listing)
        assert states(listing)["colour=white&size=small"] == "retired"
        edit(listing, variants=a_draft_of_variants())
        publish(listing)
        assert variants_of(listing)["white_small"] == before
        assert Stock.objects.get(pk=before.pk).on_hand == 7

    def test_what_was_on_sale_never_becomes_another_choice(self):
        listing = a_listing_with_variants()
        white = variants_of(listing)["white_small"]
        red = {"key": "red", "labels": {"zh-hans": "红"}}
        options = [{**COLOUR, "values": [*COLOUR["values"], red]}, SIZE]
        changed = {"id": str(white.pk), "choice": {"colour": "red", "size": "small"}}
        edit(listing, options=options, variants=[changed])
        assert Variant.objects.get(choice_key="colour=red&size=small").pk != white.pk
        white.refresh_from_db()
        assert white.choice_key == "colour=white&size=small"

    def test_another_listings_variant_is_not_found(self):
        shop = a_merchant()
        foreign, listing = a_listing_with_variants(merchant=shop), a_listing(merchant=shop, live=False)
        stolen = {"id": str(variants_of(foreign)["white_small"].pk), "choice": {"colour": "white"}}
        with pytest.raises(NotFound):
            edit(listing, options=[COLOUR], variants=[stolen])
        assert Variant.objects.of_listing(listing.pk).count() == 1

    def test_a_sku_of_the_shop_is_taken_another_shops_is_not(self):
        listing = a_listing_with_variants(live=False, white_small={"sku": "W-1"})
        other = a_listing(merchant=listing.merchant, live=False)
        mine = [{"sku": "W-1", "choice": {"colour": "white"}}]
        with pytest.raises(variants.SkuTaken):
            edit(other, options=[COLOUR], variants=mine)
        edit(a_listing(live=False), options=[COLOUR], variants=mine)
        assert Variant.objects.filter(sku="W-1").count() == 2

    def test_no_more_than_the_policy_says(self):
        values = [{"key": f"v{n}", "labels": {"en": f"no {n}"}} for n in range(31)]
        with pytest.raises(variants.TooManyVariants):
            edit(a_listing(live=False), options=[{**COLOUR, "values": values}], variants=[])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"choice": {"colour": "white"}}, "choice_incomplete"),
        ({"choice": {"colour": "pink", "size": "small"}}, "choice_incomplete"),
        ({"choice": {"colour": "white", "size": "large"}}, "choice_twice"),
        ({"sku": "W 1"}, "sku_refused"),
        ({"price_minor": 0}, "variant_price_refused"),
        ({"price_minor": 10**13}, "variant_price_refused"),
        ({"barcode": "6901234567890"}, "barcode_refused"),
        ({"images": [2]}, "variant_picture_refused"),
    ],
)
def test_what_can_t_be_read_changes_nothing(change, code):
    listing = a_listing_with_variants(live=False)
    with pytest.raises(Invalid) as refused:
        edit(listing, variants=a_draft_of_variants(white_small=change))
    assert refused.value.code == code
    assert Listing.objects.get(pk=listing.pk).draft == listing.draft


class TestPublish:
    def test_its_price_is_the_lowest_and_each_has_its_own_history(self):
        listing = a_listing_with_variants(
            white_small={"price_minor": 2900}, black_large={"price_minor": 4900}
        )
        revision = listing.live_revision
        assert (revision.price_minor, listing.shelf_price_minor) == (2900, 2900)
        prices = dict(PriceHistory.objects.values_list("variant__choice_key", "price_minor"))
        assert prices == {
            "colour=white&size=small": 2900, "colour=white&size=large": 3900,
            "colour=black&size=small": 3900, "colour=black&size=large": 4900,
        }  # fmt: skip
        edit(listing, variants=a_draft_of_variants(white_small={"price_minor": 2500}))
        publish(listing)
        rows = PriceHistory.objects.filter(variant__choice_key="colour=black&size=large")
        assert sorted(rows.values_list("price_minor", flat=True)) == [3900, 4900]
        assert PriceHistory.objects.filter(variant__choice_key="colour=white&size=large").count() == 1

    def test_options_retire_the_one_from_before_and_the_way_back_brings_it(self):
        listing = a_listing(stock=4)
        edit(listing, options=[COLOUR], variants=[{"choice": {"colour": "white"}}])
        publish(listing)
        assert states(listing) == {"": "retired", "colour=white": "active"}
        edit(listing, options=[], variants=[])
        publish(listing)
        assert states(listing) == {"": "active", "colour=white": "retired"}
        assert stock.available(Listing.objects.get(pk=listing.pk)) == 4

    def test_options_without_a_variant_are_a_gap(self):
        listing = edit(a_listing(live=False), options=[COLOUR], variants=[])
        with pytest.raises(ListingIncomplete) as refused:
            publish(listing)
        assert [gap.field for gap in refused.value.gaps] == ["variants"]

    def test_each_with_its_own_price_needs_none_of_the_listing(self):
        listing = a_listing(live=False, without="price")
        each = [{"choice": {"colour": "white"}, "price_minor": 1900}]
        publish(edit(listing, options=[COLOUR], variants=each))
        assert Listing.objects.get(pk=listing.pk).shelf_price_minor == 1900


class TestRetire:
    def test_it_is_off_sale_at_once_and_out_of_the_draft(self):
        listing = a_listing_with_variants(stocks={"white_small": 5})
        row = variants_of(listing)["white_small"]
        variants.retire(variant_id=row.pk, actor=ACTOR, at=LISTED)
        listing = Listing.objects.with_offer().get(pk=listing.pk)
        assert stock.available(listing) == 30
        assert len(listing.draft["variants"]) == 3
        with pytest.raises(IllegalMove):
            variants.retire(variant_id=row.pk, actor=ACTOR, at=LISTED)

    def test_not_the_last_one(self):
        listing = a_listing()
        with pytest.raises(variants.LastVariant):
            variants.retire(variant_id=listing.pk, actor=ACTOR, at=LISTED)
        assert states(listing) == {"": "active"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_variant SET state = 'sold'",
        "UPDATE catalog_variant SET sku = ''",
        "UPDATE catalog_variant SET sku = 'same'",
        "UPDATE catalog_variant SET choice_key = 'same'",
        "UPDATE catalog_variant SET merchant_id ="
        " (SELECT id FROM merchants_merchant ORDER BY 1 DESC LIMIT 1)",
        "UPDATE catalog_stock SET listing_id = (SELECT id FROM catalog_listing ORDER BY id DESC LIMIT 1)",
        "INSERT INTO catalog_listing SELECT (jsonb_populate_record(l, jsonb_build_object("
        "'id', gen_random_uuid(), 'code', 'x'))).* FROM catalog_listing l LIMIT 1",
    ],
)
def test_database_refuses_variants_that_cannot_be(sql):
    a_listing_with_variants()
    a_listing()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
