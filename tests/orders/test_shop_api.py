"""A shop's programs over HTTP: the same doors, steps and refusals as its pages."""

import json
from datetime import timedelta

import pytest

from accounts import tokens
from accounts.token_scopes import OF_A_SHOP
from catalog.models import Stock
from kernel import clock
from merchants.models import Membership
from orders.models import Order
from privacy.middleware import UnrecordedLook
from privacy.models import AccessRecord
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
NOW = ORDERED + timedelta(hours=3)


class Program:
    def __init__(self, merchant, member, scopes=OF_A_SHOP):
        self.base = f"/api/v1/merchant/{merchant.slug}"
        self.secret = tokens.issue(
            subject_id=member.subject_id,
            merchant_id=merchant.pk,
            scopes=list(scopes),
            days=30,
            actor=member.actor,
            at=ORDERED,
        )[1]
        self.client = a_visitor().client

    def get(self, path, base=None):
        with clock.frozen(NOW):
            url = (base or self.base) + path
            return self.client.get(url, HTTP_AUTHORIZATION=f"Bearer {self.secret}")

    def post(self, path, body, key="", base=None):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"}
        headers |= {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
        with clock.frozen(NOW):
            return self.client.post(
                (base or self.base) + path, json.dumps(body), content_type="application/json", **headers
            )


@pytest.fixture
def shop(db):
    merchant = a_merchant()
    member = a_member(merchant)
    listing = a_listing(merchant=merchant, stock=5)
    order = an_order(listing=listing)
    return merchant, member, listing, order


def test_lists_and_shows_without_saying_who_bought(shop):
    merchant, member, listing, order = shop
    an_order()
    program = Program(merchant, member)
    page = program.get("/orders/?tab=to_ship").json()
    assert [one["number"] for one in page["results"]] == [order.number] and page["next"] is None
    one = program.get(f"/orders/{order.number}/").json()
    assert one["total"] == {"minor": order.total_minor, "currency": "CNY"} and "林" not in json.dumps(one)
    assert [one["code"] for one in program.get("/listings/").json()["results"]] == [listing.code]
    assert not AccessRecord.objects.exists()


def test_a_look_at_the_recipient_is_written_down(shop):
    merchant, member, _listing, order = shop
    assert Program(merchant, member).get(f"/orders/{order.number}/recipient/").json()["name"] == "林未"
    assert AccessRecord.objects.get().actor == f"member:{member.subject_id}"


def test_an_answer_that_forgets_its_line_fails(shop, monkeypatch):
    merchant, member, _listing, order = shop
    monkeypatch.setattr("orders.access.access_record.record", lambda **_kwargs: None)
    with pytest.raises(UnrecordedLook, match=r"orders\.Order\.recipient"):
        Program(merchant, member).get(f"/orders/{order.number}/recipient/")


def test_sends_once_whatever_is_sent_twice(shop):
    merchant, member, _listing, order = shop
    program, path = Program(merchant, member), f"/orders/{order.number}/shipment/"
    body = {"tracking_number": "SF1234567890"}
    assert program.post(path, body).json()["code"] == "idempotency_key_missing"
    first = program.post(path, body, key="first-try-1")
    assert first.status_code == 200 and first.json()["state"] == "shipped"
    again = program.post(path, body, key="first-try-1")
    assert again.status_code == 200 and again["Idempotency-Replayed"] == "true"
    other = program.post(path, body, key="second-try-1")
    assert other.status_code == 409 and other["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "field"} < set(other.json())
    assert Order.objects.get(pk=order.pk).shipments.count() == 1


def test_refuses_with_a_code_and_a_sentence(shop):
    merchant, member, _listing, order = shop
    program = Program(merchant, member)
    answer = program.post(f"/orders/{order.number}/shipment/", {}, key="no-number-1")
    assert answer.status_code == 400 and answer.json()["details"]["fields"]["tracking_number"]
    assert Order.objects.get(pk=order.pk).state == "paid"


def test_counts_the_stock(shop):
    merchant, member, listing, _order = shop
    program = Program(merchant, member)
    answer = program.post(f"/listings/{listing.pk}/stock/", {"on_hand": 9}, key="count-it-1")
    assert answer.status_code == 200 and answer.json()["on_hand"] == 9
    assert Stock.objects.get(listing=listing).on_hand == 9
    assert (
        program.post(f"/listings/{listing.pk}/stock/", {"on_hand": -1}, key="count-it-2").status_code == 400
    )


def test_another_shop_s_things_are_absent(shop):
    merchant, _member, listing, order = shop
    other_shop = a_merchant()
    stranger = Program(other_shop, a_member(other_shop))
    mine, theirs = stranger.base, f"/api/v1/merchant/{merchant.slug}"
    for base, path in (
        (theirs, "/orders/"),
        (theirs, f"/orders/{order.number}/"),
        (mine, f"/orders/{order.number}/"),
        (mine, f"/orders/{order.number}/recipient/"),
        (mine, "/orders/Z000000000/"),
    ):
        answer = stranger.get(path, base)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (base, path)
    for base in (mine, theirs):
        sent = stranger.post(
            f"/orders/{order.number}/shipment/",
            {"tracking_number": "SF1"},
            key=f"steal-{base[-5:]}1",
            base=base,
        )
        assert sent.status_code == 404
        counted = stranger.post(
            f"/listings/{listing.pk}/stock/", {"on_hand": 0}, key=f"stock-{base[-5:]}1", base=base
        )
        assert counted.status_code == 404
    assert Order.objects.get(pk=order.pk).state == "paid"


def test_a_member_of_two_shops_has_a_token_for_one(shop):
    merchant, member, _listing, _order = shop
    second = a_merchant(applicant_id=member.subject_id)
    program = Program(merchant, member)
    assert program.get("/orders/").status_code == 200
    assert program.get("/orders/", f"/api/v1/merchant/{second.slug}").status_code == 404


def test_who_acts_for_the_shop_no_more_has_no_token_either(shop):
    merchant, member, _listing, _order = shop
    program = Program(merchant, member)
    Membership.objects.filter(subject_id=member.subject_id).update(ended_at=NOW)
    assert program.get("/orders/").status_code == 404


def test_the_addresses_are_described():
    schema = a_visitor().client.get("/api/schema/").content.decode()
    for operation in ("shop_orders", "shop_order_ship", "shop_stock_count", "shop_listings", "own_orders"):
        assert f"operationId: {operation}" in schema
    assert "bearer" in schema.lower()


def test_sends_a_part_and_lists_what_each_parcel_holds(shop):
    merchant, member, listing, _ = shop
    order = an_order(listing=listing, quantity=3)
    program, line = Program(merchant, member), str(order.lines.get().pk)
    path = f"/orders/{order.number}/shipment/"
    many = {"tracking_number": "SF700000001", "pieces": [{"line": line, "quantity": 4}]}
    assert program.post(path, many, "part-too-many-1").json()["code"] == "pieces_out_of_range"
    assert not order.shipments.exists()
    part = {"tracking_number": "SF700000001", "pieces": [{"line": line, "quantity": 2}]}
    found = program.post(path, part, "part-1-of-two").json()
    assert (found["state"], found["lines"][0]["sent"]) == ("paid", 2)
    assert [each["pieces"] for each in found["parcels"]] == [[{"line": line, "quantity": 2}]]
    rest = program.post(path, {"tracking_number": "SF700000002"}, "part-2-of-two").json()
    assert rest["state"] == "shipped" and rest["parcels"][1]["pieces"][0]["quantity"] == 1
