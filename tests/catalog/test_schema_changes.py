"""A category asks for more: two people, a preview, a time of grace, and nothing that was frozen moves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import drafting, publishing, schema_changes, shortfalls
from catalog.models import Category, CategorySchema, Listing, ListingMove, SchemaChange, SchemaNotice
from catalog.publishing import ListingIncomplete
from catalog.schema_editing import FieldUnusable
from deadlines import sweep
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from notifications.models import Letter
from outbox import relay
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant, the_catalogue

pytestmark = pytest.mark.django_db
AUTHOR, OTHER = Actor.staff(new_id()), Actor.staff(new_id())
NEXT_DAY = LISTED + timedelta(days=1)
NEW = {
    "key": "water_footprint",
    "section": "quality",
    "type": "text",
    "label": {"zh-hans": "用水量", "zh-hant": "用水量", "en": "Water used"},
    "help": {"zh-hans": "每件多少升。", "zh-hant": "每件多少公升。", "en": "Litres a piece."},
    "required": True,
    "duty": "cn.disclosure.online",
    "vouch": "laboratory",
    "shown": ["page"],
}


@pytest.fixture(autouse=True)
def _next_day(platform_at):
    platform_at(NEXT_DAY)


def a_change(category="home", field=NEW, days=10):
    the_catalogue()
    change = schema_changes.begin(category=category, actor=AUTHOR, at=LISTED)
    schema_changes.put_field(change_id=change.pk, field=field, actor=AUTHOR, at=LISTED)
    return schema_changes.propose(
        change_id=change.pk, reason="新国标", grace_days=days, actor=AUTHOR, at=LISTED
    )


def in_force(**options):
    change = a_change(**options)
    schema_changes.confirm(change_id=change.pk, actor=OTHER, at=NEXT_DAY)
    relay.drain_all()
    change.refresh_from_db()
    return change


class TestTwoPeople:
    def test_the_author_cannot_put_it_in_force(self):
        change = a_change()
        with pytest.raises(schema_changes.SamePersonDecides):
            schema_changes.confirm(change_id=change.pk, actor=AUTHOR, at=NEXT_DAY)
        assert Category.objects.get(pk="home").schema_version == change.from_version

    def test_nobody_but_staff(self):
        the_catalogue()
        for actor in (Actor.buyer(new_id()), Actor.system()):
            with pytest.raises(NotFound):
                schema_changes.begin(category="home", actor=actor, at=LISTED)

    def test_a_second_change_waits_for_the_first(self):
        a_change()
        with pytest.raises(schema_changes.ChangeRuns):
            schema_changes.begin(category="home", actor=OTHER, at=LISTED)

    def test_what_is_proposed_stays_as_it_was_seen(self):
        change = a_change()
        with pytest.raises(schema_changes.ChangeDecided):
            schema_changes.drop_field(change_id=change.pk, key="brand", actor=AUTHOR, at=LISTED)

    def test_refused_changes_nothing_and_makes_room(self):
        change = a_change()
        schema_changes.refuse(change_id=change.pk, actor=OTHER, at=NEXT_DAY)
        assert "water_footprint" not in str(Category.objects.get(pk="home").schema)
        a_change()

    def test_no_reason_no_difference_no_time(self):
        the_catalogue()
        change = schema_changes.begin(category="home", actor=AUTHOR, at=LISTED)
        with pytest.raises(schema_changes.NothingProposed):
            schema_changes.propose(
                change_id=change.pk, reason="为什么", grace_days=30, actor=AUTHOR, at=LISTED
            )
        schema_changes.put_field(change_id=change.pk, field=NEW, actor=AUTHOR, at=LISTED)
        with pytest.raises(schema_changes.GraceTooShort):
            schema_changes.propose(change_id=change.pk, reason="急", grace_days=6, actor=AUTHOR, at=LISTED)


class TestFields:
    @pytest.mark.parametrize(
        "broken",
        [
            {"key": "Water"},
            {"label": {"zh-hans": "用水量", "en": "Water"}},
            {"help": {"zh-hans": "", "zh-hant": "", "en": ""}},
            {"duty": "cn.no.such.rule"},
            {"type": "choice", "choices": []},
            {"type": "choice", "choices": [{"value": "", "label": {}}]},
            {"required": False, "required_if": {"field": "item_kind", "in": ["spaceship"]}},
            {"required": False, "required_if": {"field": "maker", "in": ["x"]}},
            {"required": False, "required_if": {"field": "item_kind", "in": []}},
            {"required": True, "required_if": {"field": "item_kind", "in": ["furniture"]}},
        ],
    )
    def test_a_field_nobody_could_answer_is_refused(self, broken):
        with pytest.raises(FieldUnusable):
            a_change(field={**NEW, **broken})
        assert not SchemaChange.objects.filter(state="proposed").exists()

    @pytest.mark.parametrize(
        ("step", "key"), [("drop", "maker"), ("ease", "maker"), ("drop", "item_kind"), ("retype", "maker")]
    )
    def test_never_below_the_law(self, step, key):
        the_catalogue()
        change = schema_changes.begin(category="home", actor=AUTHOR, at=LISTED)
        field = next(each for each in change.schema["fields"] if each["key"] == key)
        with pytest.raises(FieldUnusable):
            if step == "drop":
                schema_changes.drop_field(change_id=change.pk, key=key, actor=AUTHOR, at=LISTED)
            else:
                new = {**field, "required": False} if step == "ease" else {**field, "type": "date"}
                schema_changes.put_field(change_id=change.pk, field=new, actor=AUTHOR, at=LISTED)
        change.refresh_from_db()
        assert change.schema == Category.objects.get(pk="home").schema


class TestInForce:
    def test_preview_counts_who_would_fall_short(self):
        a_listing(), a_listing(), a_listing(live=False), a_listing(category="food")
        seen = shortfalls.preview(a_change())
        assert (seen.live, seen.looked_at, seen.short, seen.shops) == (2, 2, 2, 2)
        assert seen.fields == (("water_footprint", 2),)

    def test_new_publications_owe_it_and_frozen_ones_keep_their_version(self):
        listing = a_listing()
        before = listing.live_revision.content
        change = in_force()
        assert CategorySchema.objects.get(category="home", version=change.version).by_staff
        listing.refresh_from_db()
        assert (listing.state, listing.live_revision.content) == ("live", before)
        drafting.edit_draft(
            listing_id=listing.pk, changes={"price_minor": 100}, actor=Actor.system(), at=NEXT_DAY
        )
        with pytest.raises(ListingIncomplete) as refused:
            publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NEXT_DAY)
        assert [(gap.field, gap.duty) for gap in refused.value.gaps] == [
            ("water_footprint", "cn.disclosure.online")
        ]

    def test_a_release_never_takes_back_what_staff_decided(self):
        from catalog.categories import load_categories

        change = in_force()
        assert load_categories(at=NEXT_DAY) == 0
        assert Category.objects.get(pk="home").schema_version == change.version

    def test_a_stale_change_is_refused(self):
        change = a_change()
        Category.objects.filter(pk="home").update(schema_version=99)
        with pytest.raises(schema_changes.SchemaMoved):
            schema_changes.confirm(change_id=change.pk, actor=OTHER, at=NEXT_DAY)


class TestGrace:
    def pass_time(self, platform_at, notice):
        platform_at(notice.due_at)
        sweep.sweep_all()
        relay.drain_all()

    def test_shops_are_told_once_with_a_deadline(self):
        shop = a_merchant()
        owner = a_member(shop)
        a_listing(merchant=shop), a_listing(merchant=shop), a_listing(category="food", merchant=shop)
        change = in_force(days=10)
        notice = SchemaNotice.objects.get(change=change, merchant=shop)
        clock = Deadline.objects.get(kind="catalog.schema_grace", reference=notice.pk)
        assert (notice.listings, clock.due_at, clock.owner) == (2, notice.due_at, "merchant")
        assert (notice.due_at - NEXT_DAY).days == 10
        letters = Letter.objects.filter(kind="catalog.schema_changed", subject_id=owner.subject_id)
        assert [letter.params["listings"] for letter in letters] == [2]
        shortfalls.tell_shops(change_id=change.pk, at=NEXT_DAY)
        assert letters.count() == 1

    def test_at_the_end_what_falls_short_goes_off_sale_with_its_reasons(self, platform_at):
        shop = a_merchant()
        owner = a_member(shop)
        short, food = a_listing(merchant=shop), a_listing(merchant=shop, category="food")
        revision = short.live_revision
        notice = SchemaNotice.objects.get(change=in_force())
        self.pass_time(platform_at, notice)
        short.refresh_from_db(), food.refresh_from_db()
        assert (short.state, food.state) == ("withdrawn", "live")
        step = ListingMove.objects.get(listing=short, name="take_down")
        assert step.rule_id == "cn.disclosure.online"
        assert "用水量" in step.reason
        assert Letter.objects.filter(kind="catalog.taken_down", subject_id=owner.subject_id).count() == 1
        revision.refresh_from_db()
        assert "water_footprint" not in revision.content["attributes"]
        answers = {"attributes": {"water_footprint": "12 升"}}
        drafting.edit_draft(listing_id=short.pk, changes=answers, actor=Actor.system(), at=notice.due_at)
        publishing.publish(listing_id=short.pk, actor=Actor.system(), at=notice.due_at)
        short.refresh_from_db()
        assert short.state == "live"

    def test_completed_in_time_ends_the_clock(self, platform_at):
        listing = a_listing()
        notice = SchemaNotice.objects.get(change=in_force())
        answers = {"attributes": {"water_footprint": "12 升"}}
        drafting.edit_draft(listing_id=listing.pk, changes=answers, actor=Actor.system(), at=NEXT_DAY)
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NEXT_DAY)
        relay.drain_all()
        notice.refresh_from_db()
        assert notice.ended_at == NEXT_DAY
        assert Deadline.objects.get(reference=notice.pk).state == "met"
        self.pass_time(platform_at, notice)
        assert Listing.objects.get(pk=listing.pk).state == "live"


class TestDatabaseRefuses:
    def run(self, sql, *params):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    def test_one_person_for_both_steps(self):
        change = a_change()
        with pytest.raises(IntegrityError, match="schema_change_takes_two_people"):
            self.run("UPDATE catalog_schemachange SET decided_by = begun_by WHERE id = %s", change.pk)

    def test_in_force_without_a_decider(self):
        change = a_change()
        with pytest.raises(IntegrityError, match="schema_change_in_force_was_decided"):
            self.run("UPDATE catalog_schemachange SET state = 'in_force' WHERE id = %s", change.pk)

    def test_two_at_a_time(self):
        change = a_change()
        columns = "category_id, from_version, schema, reason, grace_days, state, begun_by, begun_at"
        with pytest.raises(IntegrityError, match="schema_change_one_at_a_time"):
            self.run(
                f"INSERT INTO catalog_schemachange (id, {columns})"
                f" SELECT gen_random_uuid(), {columns} FROM catalog_schemachange WHERE id = %s",
                change.pk,
            )

    def test_a_take_down_without_a_rule(self):
        listing = a_listing()
        with pytest.raises(IntegrityError, match="listing_take_down_has_reason_and_rule"):
            self.run(
                "INSERT INTO catalog_listingmove (id, listing_id, name, from_state, to_state, reason,"
                " rule_id, actor, at) VALUES (gen_random_uuid(), %s, 'take_down', 'live',"
                " 'withdrawn', 'x', '', 's', now())",
                listing.pk,
            )
