"""Bad input to programs' addresses: a 4xx with a field and a sentence, never a change, never a 5xx."""

import json

import pytest

from orders.models import CartLine, Order, Return
from tests.builders.people import a_buyer
from tests.builders.programs import Program
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
RECIPIENT = {"name": "林未", "phone": "138 0013 8000", "address": "上海市徐汇区漕溪北路 88 号"}
# By name, so that a test's name is plain.
NUMBERS = {
    "minus one": -1,
    "zero": 0,
    "a half": 0.5,
    "one as a fraction": 1.0,
    "text": "1",
    "full width": "１２",
    "arabic figures": "١٢",
    "2^31": 2**31,
    "2^53+1": 2**53 + 1,
    "2^63": 2**63,
    "10^30": 10**30,
    "true": True,
    "null": None,
    "list": [1],
    "object": {"minor": 1},
    "plus": "+1",
    "hex": "0x1",
    "thousands": "1,000",
    "infinity in words": "Infinity",
}
RAW = {
    "1e3": b"1e3",
    "1e400": b"1e400",
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "five thousand figures": b"9" * 5000,
    "leading zero": b"01",
}
BODIES = {
    "empty": b"",
    "a word": b"null",
    "a list": b"[]",
    "a number": b"7",
    "cut off": b'{"quantity": 1',
    "trailing": b'{"quantity": 1} {"quantity": 2}',
    "a comment": b'{"quantity": 1} // one',
    "a mark first": b"\xef\xbb\xbf{}",
    "not utf-8": b'{"quantity": "\xff"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "a name twice": b'{"quantity": 1, "quantity": 2}',
    "two megabytes": b'{"x": "' + b"a" * 2_000_000 + b'"}',
}
IDS = {
    "a number": 7,
    "a list": ["7"],
    "an object": {"id": "7"},
    "empty": "",
    "a word": "null",
    "overlong": "7" * 10_000,
    "with a null": "\x00" * 36,
    "minus": "-1",
    "none": None,
}


@pytest.fixture
def program(db):
    return Program(a_buyer())


@pytest.fixture
def listing(db):
    return a_listing(price="39.00", stock=5)


def refused(answer, statuses=(400, 422)):
    assert answer.status_code in statuses, answer.content[:300]
    told = answer.json()
    assert told["code"] and told["detail"] and told["status"] == answer.status_code
    assert answer["Content-Type"] == "application/problem+json"
    return told


@pytest.mark.parametrize("name", NUMBERS)
def test_quantities(program, listing, name):
    told = refused(program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": NUMBERS[name]}))
    assert told["field"] == "quantity" and not CartLine.objects.exists()


@pytest.mark.parametrize("name", RAW)
def test_numbers_that_only_a_reader_of_json_sees(program, listing, name):
    body = b'{"listing": "%s", "quantity": %s}' % (str(listing.pk).encode(), RAW[name])
    refused(program.post("/cart/lines/", body))
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in ("zero", "2^31")])
def test_sums(program, listing, name):
    program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
    body = {"recipient": RECIPIENT, "destination": "CN-SH", "seen_total_minor": NUMBERS[name]}
    answer = program.step("/checkouts/", body)
    told = refused(answer, (400, 409, 422))
    assert told["field"] == "seen_total_minor" or told["code"] == "cart_changed"
    assert not Order.objects.exists()


@pytest.mark.parametrize("name", BODIES)
def test_bodies(program, name):
    for path in ("/cart/lines/", "/checkouts/", "/orders/Z0/return-quotes/"):
        answer = program.step(path, BODIES[name])
        refused(answer, (400, 404, 422))
    assert not CartLine.objects.exists() and not Order.objects.exists()


@pytest.mark.parametrize("name", IDS)
def test_ids(program, listing, name):
    told = refused(program.post("/cart/lines/", {"listing": IDS[name], "quantity": 1}))
    assert told["field"] == "listing" and not CartLine.objects.exists()


@pytest.mark.parametrize(
    "name", ["is_staff", "merchant", "price", "paid", "state", "subject", "id", "__proto__", "created_at"]
)
def test_fields_that_nobody_asked_for(program, listing, name):
    body = {"listing": str(listing.pk), "quantity": 1, name: True}
    told = refused(program.post("/cart/lines/", body))
    assert told["field"] == name and not CartLine.objects.exists()


def test_texts_that_are_none(program, listing):
    program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
    for wrong in ("", "   ", "\x00", "\ud800", "a" * 10_000, None, 7.5, [], {}):
        body = {"recipient": {**RECIPIENT, "name": wrong}, "destination": "CN-SH", "seen_total_minor": 3900}
        answer = program.step("/checkouts/", json.dumps(body))
        if answer.status_code != 201:
            refused(answer)
        else:
            assert isinstance(wrong, float)
    assert Order.objects.count() <= 1


@pytest.mark.parametrize("method", ["patch", "trace", "delete"])
def test_methods_that_an_address_does_not_know(program, method):
    if method == "trace":
        answer = program.client.trace("/api/v1/me/orders/", HTTP_AUTHORIZATION=f"Bearer {program.secret}")
        assert answer.status_code == 405
    else:
        told = refused(program.call(method, "/orders/", {}), (405,))
        assert told["code"] == "method_not_allowed"


def test_form_posts_are_not_read(program, listing):
    with_form = program.client.post(
        "/api/v1/me/cart/lines/",
        {"listing": str(listing.pk), "quantity": "1"},
        HTTP_AUTHORIZATION=f"Bearer {program.secret}",
    )
    assert with_form.status_code == 415 and not CartLine.objects.exists()


def test_a_key_in_a_body_is_no_key(program, listing):
    program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
    body = {"recipient": RECIPIENT, "seen_total_minor": 3900, "idempotency_key": "in-the-body-1"}
    assert program.post("/checkouts/", body).json()["code"] == "idempotency_key_missing"
    assert not Order.objects.exists() and not Return.objects.exists()
