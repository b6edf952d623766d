"""The wish list: over HTTP as its person uses it, its refusals, the database's, and its end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from catalog import drafting, publishing, stock, suspension, wish_list
from catalog.models import WishLine
from kernel.actor import Actor
from kernel.errors import NotFound
from orders.models import CartLine
from privacy import copy_parts, erasure
from tests.builders.people import a_buyer, a_guest, a_visitor
from tests.builders.shops import a_listing
from tests.builders.variants import a_listing_with_variants, variants_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
EMPTY = "这里还什么都没有"


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


def put(person, listing, **told):
    return person.client.post("/wishes/", {"listing": str(listing.pk), **told})


def page(person):
    answer = person.client.get("/wishes/")
    assert answer.status_code == 200
    return answer.content.decode()


def repriced(listing, price):
    drafting.edit_draft(listing_id=listing.pk, changes={"price_minor": price}, actor=Actor.system(), at=NOW)
    publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NOW)


class TestJourney:
    def test_from_the_card_to_the_list_to_the_cart(self):
        person, listing = a_buyer(), a_listing()
        assert f'name="listing" value="{listing.pk}"' in person.client.get("/c/home/").content.decode()
        answer = put(person, listing)
        assert (answer.status_code, answer["Location"]) == (303, "/wishes/")
        assert "月白釉手作横手急须" in page(person)
        line = WishLine.objects.get()
        told = {"listing": listing.pk, "quantity": 1, "variant": "", "wish": line.pk}
        assert person.client.post("/cart/lines/", told).status_code == 303
        assert not WishLine.objects.exists()
        assert CartLine.objects.get().listing_id == listing.pk
        assert EMPTY in page(person)

    def test_what_the_cart_refuses_stays_on_the_list(self):
        person, listing = a_buyer(), a_listing(stock=1)
        put(person, listing)
        told = {"listing": listing.pk, "quantity": 2, "wish": WishLine.objects.get().pk}
        assert person.client.post("/cart/lines/", told).status_code == 422
        assert WishLine.objects.count() == 1 and not CartLine.objects.exists()

    def test_the_product_page_saves_what_is_chosen_there(self):
        person, listing = a_buyer(), a_listing_with_variants()
        black = variants_of(listing)["black_large"]
        said = person.client.get(f"/p/{listing.pk}/?variant={black.pk}").content.decode()
        assert f'name="variant" value="{black.pk}"' in said
        put(person, listing, variant=str(black.pk))
        assert WishLine.objects.get().variant_id == black.pk
        assert "墨黑" in page(person)

    def test_an_offer_to_choose_from_leads_to_its_page(self):
        person, listing = a_buyer(), a_listing_with_variants()
        put(person, listing)
        said = page(person)
        assert f'class="btn btn--sm" href="/p/{listing.pk}/"' in said and "移到购物车" not in said

    def test_a_price_that_fell_is_said_with_the_sums(self):
        person, listing = a_buyer(), a_listing(price="39.00", freight="6.00")
        put(person, listing)
        assert "便宜了" not in page(person)
        repriced(listing, 2900)
        said = page(person)
        assert "¥10.00" in said and "¥45.00" in said and "¥35.00" in said and "便宜了" in said
        repriced(listing, 4100)
        assert "贵了" in page(person)

    def test_sold_out_and_gone_are_said(self):
        person, sold_out, gone = a_buyer(), a_listing(), a_listing()
        put(person, sold_out)
        put(person, gone)
        stock.count(variant_id=sold_out.pk, on_hand=0, actor=Actor.system(), at=NOW)
        suspension.suspend(
            listing_id=gone.pk,
            reason="没有 3C 证书",
            rule_id="cn.disclosure.ccc",
            actor=Actor.system(),
            at=NOW,
        )
        said = page(person)
        assert "到货告诉我" in said and "这件商品已经下架。" in said
        assert 'name="wish"' not in said

    def test_with_htmx_it_answers_in_place(self):
        person, listing = a_buyer(), a_listing()
        answer = person.client.post("/wishes/", {"listing": str(listing.pk)}, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and "toast" in answer.content.decode()

    @pytest.mark.parametrize("language", ["en", "zh-hant"])
    def test_in_the_other_languages(self, language):
        person = a_buyer()
        put(person, a_listing())
        said = person.client.get("/wishes/", headers={"accept-language": language}).content.decode()
        assert {"en": "My wish list", "zh-hant": "我的收藏"}[language] in said
        assert EMPTY not in said


class TestRefusals:
    @pytest.mark.parametrize("who", [a_visitor, a_guest])
    def test_nobody_signed_in_is_sent_to_sign_in_and_nothing_is_kept(self, who):
        person, listing = who(), a_listing()
        answer = put(person, listing)
        assert answer.status_code == 303 and f"/p/{listing.pk}/" in answer["Location"]
        assert person.client.get("/wishes/").status_code == 302
        assert not WishLine.objects.exists()

    @pytest.mark.parametrize("told", [{"listing": "x"}, {}, {"listing": "0" * 32}])
    def test_nonsense_is_404(self, told):
        assert a_buyer().client.post("/wishes/", told).status_code == 404
        assert not WishLine.objects.exists()

    def test_drafts_and_other_listings_variants_are_404(self):
        person, listing, other = a_buyer(), a_listing(), a_listing()
        assert put(person, a_listing(live=False)).status_code == 404
        assert put(person, listing, variant=str(other.pk)).status_code == 404
        assert not WishLine.objects.exists()

    def test_twice_is_once(self):
        person, listing = a_buyer(), a_listing()
        put(person, listing)
        before = WishLine.objects.values().get()
        put(person, listing)
        assert WishLine.objects.values().get() == before

    def test_a_full_list_says_so(self, monkeypatch):
        person, first, second = a_buyer(), a_listing(), a_listing()
        put(person, first)
        asked = wish_list.policies.value
        few = {wish_list.POLICY: {"most": 1, "days": 730}}
        monkeypatch.setattr(wish_list.policies, "value", lambda name, at: few.get(name) or asked(name, at))
        assert put(person, second).status_code == 409
        assert WishLine.objects.count() == 1

    def test_another_persons_line_is_absent(self):
        owner, other, listing = a_buyer(), a_buyer(), a_listing()
        put(owner, listing)
        line = WishLine.objects.get()
        assert other.client.post(f"/wishes/{line.pk}/").status_code == 404
        told = {"listing": listing.pk, "quantity": 1, "wish": line.pk}
        assert other.client.post("/cart/lines/", told).status_code == 303
        assert WishLine.objects.get() == line
        assert "月白釉" not in page(other)
        assert owner.client.post(f"/wishes/{line.pk}/").status_code == 303
        assert not WishLine.objects.exists()

    def test_a_form_of_another_site_is_refused(self):
        person, listing = a_buyer(), a_listing()
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = person.client.cookies
        assert strict.post("/wishes/", {"listing": str(listing.pk)}).status_code == 403

    def test_an_actor_without_a_subject_has_no_list(self):
        with pytest.raises(NotFound):
            wish_list.lines_of(Actor.anonymous())


class TestDatabaseRefuses:
    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE catalog_wishline SET seen_minor = 0", "wish_was_seen_at_a_price"),
            (
                "INSERT INTO catalog_wishline SELECT gen_random_uuid(), 5, added_at, listing_id, subject_id,"
                " variant_id FROM catalog_wishline",
                "a_wish_once_per_person",
            ),
        ],
    )
    def test_bent_rows(self, sql, rule):
        put(a_buyer(), a_listing())
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_a_variant_of_another_listing(self):
        put(a_buyer(), a_listing())
        other = a_listing()
        with (
            pytest.raises(IntegrityError, match="wishline_is_of_its_listings_variant"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE catalog_wishline SET variant_id = %s", [other.pk])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestPersonalData:
    def test_it_is_in_the_copy_and_goes_with_the_person(self):
        person, other, listing = a_buyer(), a_buyer(), a_listing()
        put(person, listing)
        put(other, listing)
        (part,) = [each for each in copy_parts.parts() if each.label == "catalog.WishLine"]
        (row,) = copy_parts.rows(part, [person.subject_id])
        assert str(listing.pk) in row
        erasure.forget(subject_id=person.subject_id, at=NOW)
        assert WishLine.objects.get().subject_id == other.subject_id

    def test_what_nobody_touched_for_two_years_goes(self):
        put(a_buyer(), a_listing())
        assert wish_list.forget_old(at=NOW + timedelta(days=730), limit=9) == 0
        assert wish_list.forget_old(at=NOW + timedelta(days=731), limit=9) == 1
        assert not WishLine.objects.exists()
