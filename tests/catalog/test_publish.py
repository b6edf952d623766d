"""Putting an offer on sale: whole or not at all, frozen, committed to."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from catalog import drafting, publishing
from catalog.models import Category, Listing, ListingMove, ListingRevision, PriceHistory
from catalog.publishing import ListingIncomplete
from evidence.models import Leaf
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from merchants import standing
from outbox.models import Message
from tests.builders.shops import LISTED, SLUGS, a_listing, a_merchant, the_catalogue, the_schema

pytestmark = pytest.mark.django_db


def test_complete_listing_goes_live_frozen():
    listing = a_listing(price="39.00", freight="6.00")
    revision = listing.live_revision
    assert listing.state == "live"
    assert (revision.number, revision.price_minor, revision.freight_minor) == (1, 3900, 600)
    assert revision.content["title"] == {"zh-hans": "月白釉手作横手急须 480 ml"}
    assert revision.pack_version.startswith("cn-")
    assert listing.shelf_price_minor == 4500
    assert Leaf.objects.filter(reference=revision.pk, label="catalog.listing.publish").count() == 1
    assert bytes(Leaf.objects.get(reference=revision.pk).commitment) == bytes(revision.commitment)
    assert Message.objects.filter(name="catalog.ListingPublished").count() == 1
    assert PriceHistory.objects.get(listing=listing).price_minor == 4500


@pytest.mark.parametrize("category", SLUGS)
def test_every_category_has_a_complete_example(category):
    assert a_listing(category=category).is_live


@pytest.mark.parametrize("category", SLUGS)
def test_removing_any_demanded_field_blocks_with_its_name_and_duty(category):
    merchant = a_merchant()
    schema = the_schema(category)
    full = a_listing(merchant=merchant, category=category, live=False)
    demanded = [each for each in schema.fields if each.demanded(full.draft["attributes"])]
    assert len(demanded) >= 10
    for spec in demanded:
        attributes = {key: value for key, value in full.draft["attributes"].items() if key != spec.key}
        Listing.objects.filter(pk=full.pk).update(draft={**full.draft, "attributes": attributes})
        with pytest.raises(ListingIncomplete) as refused, transaction.atomic():
            publishing.publish(listing_id=full.pk, actor=Actor.system(), at=LISTED)
        gaps = {gap.field: gap for gap in refused.value.gaps}
        assert spec.key in gaps
        assert gaps[spec.key].duty == spec.duty
        assert gaps[spec.key].label == spec.labels["zh-hans"]
    assert ListingRevision.objects.filter(listing=full).count() == 0


@pytest.mark.parametrize(
    ("field", "duty"), [("title", "cn.disclosure.online"), ("price", "cn.price.display")]
)
def test_common_fields_block_too(field, duty):
    draft = a_listing(live=False, without=field)
    with pytest.raises(ListingIncomplete) as refused:
        publishing.publish(listing_id=draft.pk, actor=Actor.system(), at=LISTED)
    assert [(gap.field, gap.duty) for gap in refused.value.gaps] == [(field, duty)]


def test_exclusion_only_where_the_law_lets_it():
    draft = a_listing(category="textiles", live=False, terms={"excludes_return": "never"})
    with pytest.raises(ListingIncomplete) as refused:
        publishing.publish(listing_id=draft.pk, actor=Actor.system(), at=LISTED)
    assert [gap.field for gap in refused.value.gaps] == ["excludes_return"]


def test_second_publication_is_a_second_revision_and_the_first_stays():
    listing = a_listing(price="39.00")
    first = listing.live_revision
    drafting.edit_draft(listing_id=listing.pk, changes={"price_minor": 3500}, actor=Actor.system(), at=LISTED)
    second = publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    assert (second.number, second.price_minor) == (2, 3500)
    first.refresh_from_db()
    assert first.price_minor == 3900
    assert PriceHistory.objects.filter(listing=listing).count() == 2


def test_publishing_the_same_again_is_refused():
    listing = a_listing()
    with pytest.raises(publishing.NothingChanged):
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)


def test_restricted_shop_publishes_nothing_new():
    listing = a_listing(live=False)
    standing.restrict(
        merchant_id=listing.merchant_id,
        reason="三次迟发",
        rule_id="cn.trade",
        actor=Actor.system(),
        at=LISTED,
    )
    with pytest.raises(publishing.ShopMayNotPublish):
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)


def test_withdraw_and_publish_again():
    listing = a_listing()
    publishing.withdraw(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    with pytest.raises(IllegalMove):
        publishing.withdraw(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    assert list(
        ListingMove.objects.filter(listing=listing).order_by("id").values_list("name", flat=True)
    ) == [
        "publish",
        "withdraw",
        "publish",
    ]


def test_absent_listing_is_not_found():
    with pytest.raises(NotFound):
        publishing.publish(listing_id=new_id(), actor=Actor.system(), at=LISTED)


class TestDatabaseRefuses:
    def run(self, sql, *params):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    @pytest.mark.parametrize("table", ["listingrevision", "pricehistory", "listingmove"])
    def test_history_is_append_only(self, table):
        a_listing()
        for sql in (f"UPDATE catalog_{table} SET listing_id = listing_id", f"DELETE FROM catalog_{table}"):
            with pytest.raises(InternalError):
                self.run(sql)

    def test_schema_versions_are_append_only(self):
        the_catalogue()
        with pytest.raises(InternalError):
            self.run("UPDATE catalog_categoryschema SET version = 9")

    def test_live_without_revision(self):
        listing = a_listing(live=False)
        with pytest.raises(IntegrityError, match="listing_live_has_revision_price_and_search"):
            self.run("UPDATE catalog_listing SET state = 'live' WHERE id = %s", listing.pk)

    def test_unknown_state_and_code_twice(self):
        listing = a_listing(live=False, code="A1")
        with pytest.raises(IntegrityError, match="listing_state_is_known"):
            self.run("UPDATE catalog_listing SET state = 'sold' WHERE id = %s", listing.pk)
        a_listing(merchant=listing.merchant, live=False, code="A2")
        with pytest.raises(IntegrityError, match="listing_code_once_per_merchant"):
            self.run("UPDATE catalog_listing SET code = 'A1' WHERE merchant_id = %s", listing.merchant_id)

    def test_price_of_zero(self):
        listing = a_listing()
        columns = "listing_id, content, currency, pack_version, published_at, published_by, commitment"
        sql = (
            f"INSERT INTO catalog_listingrevision (id, number, price_minor, freight_minor, {columns})"
            f" SELECT gen_random_uuid(), 2, 0, 0, {columns} FROM catalog_listingrevision"
            " WHERE listing_id = %s"
        )
        with pytest.raises(IntegrityError, match="listing_revision_price_is_positive"):
            self.run(sql, listing.pk)


def test_categories_load_twice_without_change():
    the_catalogue()
    from catalog.categories import load_categories

    assert load_categories(at=LISTED) == 0
    assert Category.objects.count() == len(SLUGS) == 13
