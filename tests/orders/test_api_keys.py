"""One key, one effect: a step of the API refuses its key for anything else, and twins do it once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.urls import get_resolver

from orders.models import Order, Return, Shipment
from payments.models import Refund
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing
from web.keyed import KeyedStep
from web.models import IdempotencyKey

DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
THEN = DELIVERED + timedelta(days=1)
TWINS = 6


class World:
    """A paid order that waits for its parcel, a delivered one of three, and both sides' programs."""

    def __init__(self):
        self.buyer = a_buyer(at=ORDERED - timedelta(days=1))
        self.listing = a_listing(price="39.00", freight="10.00", stock=20)
        one = {"listing": self.listing, "subject_id": self.buyer.subject_id}
        self.paid, self.other = an_order(**one), an_order(**one)
        self.delivered = an_order(**one, quantity=3, delivered_at=DELIVERED)
        self.line = str(self.delivered.lines.get().pk)
        self.own = Program(self.buyer, at=THEN)
        member = a_member(self.listing.merchant)
        self.shop = Program(member, merchant=self.listing.merchant, at=THEN)
        self.early = Program(member, merchant=self.listing.merchant)

    def asks_back(self, quantity):
        return {"lines": [{"line": self.line, "quantity": quantity}]}


def shipments(world):
    path = "/orders/{}/shipment/"
    first, second = ({"tracking_number": f"SF123456789{each}"} for each in (0, 1))
    return world.early, path.format(world.paid.number), first, second, path.format(world.other.number)


def cancellations(world):
    path = "/orders/{}/cancellation/"
    return world.early, path.format(world.paid.number), {}, {"reason": "x"}, path.format(world.other.number)


def returns(world):
    path = "/orders/{}/returns/"
    one, two = world.asks_back(1), world.asks_back(2)
    return world.own, path.format(world.delivered.number), one, two, path.format(world.paid.number)


def confirmations(world):
    path = "/orders/{}/cancellation/"
    own = Program(world.buyer)
    return own, path.format(world.paid.number), {}, {"x": 1}, path.format(world.other.number)


STEPS = [shipments, cancellations, returns, confirmations]


def effects():
    return (
        Shipment.objects.count(), Return.objects.count(), Refund.objects.count(),
        list(Order.objects.order_by("pk").values_list("state", flat=True)),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_a_key_that_did_something_does_nothing_else(step):
    program, path, body, other_body, other_path = step(World())
    key, before = a_key(), effects()
    first = program.post(path, body, key=key)
    assert first.status_code in (200, 201), first.content
    done = effects()
    assert done != before
    for again, sent in ((path, other_body), (other_path, body)):
        answer = program.post(again, sent, key=key)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    same = program.post(path, body, key=key)
    assert same.status_code == first.status_code and same["Idempotency-Replayed"] == "true"
    assert same.json() == first.json() and effects() == done


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_twins_of_one_key_do_it_once(step):
    program, path, body, _other, _path = step(World())
    key, gate = a_key(), Barrier(TWINS)
    before = effects()

    def send(_number):
        try:
            gate.wait()
            return program.post(path, body, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(TWINS) as pool:
        answers = list(pool.map(send, range(TWINS)))
    assert {each.status_code for each in answers} <= {200, 201}, [each.content for each in answers]
    assert len({each.content for each in answers}) == 1
    assert sum("Idempotency-Replayed" not in each.headers for each in answers) == 1
    assert IdempotencyKey.objects.filter(key=key).count() == 1
    grown = [after - was for after, was in zip(effects()[:3], before[:3], strict=True)]
    assert max(grown) == 1 and sum(grown) == 1


@pytest.mark.django_db
def test_a_refused_step_leaves_its_key_free_for_the_corrected_body():
    world = World()
    path, key = f"/orders/{world.delivered.number}/returns/", a_key()
    assert world.own.post(path, world.asks_back(4), key=key).status_code in (400, 409, 422)
    assert not Return.objects.exists()
    assert world.own.post(path, world.asks_back(1), key=key).status_code == 201


@pytest.mark.django_db
def test_a_shop_s_key_is_not_its_buyer_s():
    world, key = World(), a_key()
    assert world.early.post(f"/orders/{world.paid.number}/cancellation/", key=key).status_code == 200
    assert (
        Program(world.buyer).post(f"/orders/{world.other.number}/cancellation/", key=key).status_code == 200
    )


# POSTs that move no money and open no case (a listing is one under its code): said twice it stands once.
WITHOUT_A_KEY = {
    "own-cart-lines", "own-return-quotes", "shop-listings", "shop-publication", "shop-stock",
    "shop-variant-stock",
}  # fmt: skip


def posts(found=None):
    """(name, view) of each address of the API that takes a POST."""
    for each in get_resolver().url_patterns if found is None else found:
        if hasattr(each, "url_patterns"):
            yield from posts(each.url_patterns)
        elif hasattr(getattr(each.callback, "cls", None), "post"):
            yield each.name, each.callback


def test_every_step_of_a_program_takes_a_key():
    found = dict(posts())
    assert {"shipment", "own-order-returns", "own-checkouts"} <= set(found)
    plain = {name for name, view in found.items() if not issubclass(view.cls, KeyedStep)}
    assert plain - WITHOUT_A_KEY == set(), (
        "a POST without a key: use web.keyed, or say here why it needs none"
    )
