"""Variants for programs: what is on sale for everybody, the shop's own with a token."""

import json

import pytest
from django.test import Client

from accounts import tokens
from accounts.token_scopes import OF_A_SHOP
from catalog import publishing, stock
from catalog.models import Listing, Stock, Variant
from kernel import clock
from kernel.actor import Actor
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import COLOUR, a_listing_with_variants, variant_id

pytestmark = pytest.mark.django_db


class Program:
    def __init__(self, merchant):
        member = a_member(merchant, at=LISTED)
        self.base = f"/api/v1/merchant/{merchant.slug}/listings/"
        self.secret = tokens.issue(
            subject_id=member.subject_id, merchant_id=merchant.pk, scopes=list(OF_A_SHOP), days=30,
            actor=member.actor, at=LISTED,
        )[1]  # fmt: skip
        self.client = a_visitor().client

    def send(self, method, path, body=None, key=""):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"}
        headers |= {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        with clock.frozen(LISTED):
            return self.client.generic(
                method, self.base + path, json.dumps(body or {}), content_type="application/json", **headers
            )


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def program(shop):
    return Program(shop)


class TestPublic:
    def test_says_what_can_be_chosen_at_what_price(self):
        listing = a_listing_with_variants(stocks={"white_small": 3}, white_small={"price_minor": 2900})
        said = Client().get(f"/api/v1/listings/{listing.pk}/").json()
        assert [each["key"] for each in said["options"]] == ["colour", "size"]
        first = said["variants"][0]
        assert (first["id"], first["choice"], first["available"]) == (
            str(variant_id(listing, "white_small")), {"colour": "white", "size": "small"}, 3,
        )  # fmt: skip
        assert first["price"] == {"minor": 2900, "currency": "CNY"}
        assert said["available"] == 33 and len(said["variants"]) == 4

    def test_goods_without_options_have_one(self):
        listing = a_listing(stock=2)
        (only,) = Client().get(f"/api/v1/listings/{listing.pk}/").json()["variants"]
        assert (only["id"], only["choice"], only["available"]) == (str(listing.pk), {}, 2)


class TestOwn:
    def test_a_draft_with_variants_is_made_priced_counted_and_sold(self, shop, program):
        listing = a_listing(merchant=shop, live=False, stock=0)
        sent = {
            "options": [COLOUR],
            "variants": [
                {"choice": {"colour": "white"}, "price_minor": 1900},
                {"choice": {"colour": "black"}},
            ],
        }
        assert program.send("PATCH", f"{listing.pk}/", sent).status_code == 200
        rows = program.send("GET", f"{listing.pk}/variants/").json()
        white = next(row for row in rows if row["choice"] == {"colour": "white"})
        assert (white["price_minor"], white["state"], white["on_hand"]) == (1900, "draft", 0)
        path = f"{listing.pk}/variants/{white['id']}/"
        counted = program.send("POST", path + "stock/", {"on_hand": 8}, key="count-white-1")
        assert (counted.status_code, counted.json()["on_hand"]) == (200, 8)
        changed = program.send("PATCH", path, {"price_minor": 2100, "sku": "W-API"})
        assert (changed.json()["price_minor"], changed.json()["sku"]) == (2100, "W-API")
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        assert stock.available(Listing.objects.get(pk=listing.pk)) == 8
        assert program.send("DELETE", path).json()["state"] == "retired"
        assert stock.available(Listing.objects.get(pk=listing.pk)) == 0

    @pytest.mark.parametrize(
        ("body", "code"),
        [({"price_minor": 0}, 422), ({"barcode": "6901234567890"}, 422), ({"images": [7]}, 422),
         ({"price_minor": "x"}, 400), ({"sku": ""}, 400)],
    )  # fmt: skip
    def test_refuses_what_the_editor_refuses(self, shop, program, body, code):
        listing = a_listing_with_variants(merchant=shop)
        path = f"{listing.pk}/variants/{variant_id(listing, 'white_small')}/"
        assert program.send("PATCH", path, body).status_code == code
        assert Listing.objects.get(pk=listing.pk).draft == listing.draft

    def test_the_listings_own_count_needs_a_variant(self, shop, program):
        listing = a_listing_with_variants(merchant=shop)
        answer = program.send("POST", f"{listing.pk}/stock/", {"on_hand": 1}, key="count-it-9")
        assert (answer.status_code, answer.json()["code"]) == (422, "variant_needed")

    def test_another_shop_s_variant_is_absent(self, shop, program):
        own, foreign = a_listing_with_variants(merchant=shop), a_listing_with_variants()
        theirs = variant_id(foreign, "white_small")
        for listing in (own, foreign):
            path = f"{listing.pk}/variants/{theirs}/"
            assert program.send("PATCH", path, {"price_minor": 1}).status_code == 404
            assert program.send("DELETE", path).status_code == 404
            sent = program.send("POST", path + "stock/", {"on_hand": 0}, key=f"steal-{listing.pk.hex[-6:]}")
            assert sent.status_code == 404
        assert program.send("GET", f"{foreign.pk}/variants/").status_code == 404
        assert Stock.objects.get(pk=theirs).on_hand == 10
        assert Variant.objects.get(pk=theirs).state == "active"
