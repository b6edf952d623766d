"""The public API: what is on sale, nothing else, nothing personal."""

import pytest
from django.test import Client

from catalog import publishing
from kernel.actor import Actor
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db


def test_search_and_detail_agree_with_the_pages():
    shop = a_merchant()
    listing = a_listing(merchant=shop, price="39.00", freight="6.00")
    a_listing(merchant=shop, title="竹茶盘", live=False)
    found = Client().get("/api/v1/listings/?q=急须").json()
    assert (found["total"], found["page"], found["next"]) == (1, 1, None)
    first = found["results"][0]
    assert first["id"] == str(listing.pk)
    assert first["all_in"] == {"minor": 4500, "currency": "CNY"}
    assert first["seller"]["legal_name"] == shop.legal_name
    full = Client().get(f"/api/v1/listings/{listing.pk}/").json()
    assert full["attributes"]["maker"] == "生产者说明"
    assert full["fingerprint"] == bytes(listing.live_revision.commitment).hex()
    assert "13800000000" not in str(full)


@pytest.mark.parametrize("key", ["x", "01a1ffc3-0c2b-7337-bbc3-022c6f36052d"])
def test_absent_is_a_json_404(key):
    answer = Client().get(f"/api/v1/listings/{key}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_what_left_the_shelf_is_gone():
    listing = a_listing()
    publishing.withdraw(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    assert Client().get(f"/api/v1/listings/{listing.pk}/").status_code == 404
    assert Client().get("/api/v1/listings/?page=zzz&from=x").json()["total"] == 0


def test_it_only_reads():
    assert Client().post("/api/v1/listings/", {}).status_code == 405


def test_the_schema_names_it():
    schema = Client().get("/api/schema/")
    assert schema.status_code == 200
    assert b"listings_search" in schema.content
