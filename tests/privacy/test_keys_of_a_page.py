"""What keys cost a page: nothing where nothing is sealed, else one statement for however many people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.cells import FIELDS, ORDERS, _many_orders, _rows
from credit import access
from credit.models import Review
from privacy import keyring, keys, notices
from tests.builders.orders import an_order
from tests.builders.people import a_buyer
from tests.builders.reviews import DELIVERED, a_review
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_keys(monkeypatch):
    """Neither keys nor their notice may be asked for; Django's own counters don't see the notice."""

    def refuse(*args, **kwargs):
        raise AssertionError("a page of goods asked for keys")

    def arm():
        keys.forget_all()
        notices.look_again()
        for module, name in ((keyring, "_fetch"), (keyring, "_ring"), (notices, "_read")):
            monkeypatch.setattr(module, name, refuse)

    return arm


@pytest.mark.parametrize("signed_in", [False, True])
def test_product_and_category_pages_pay_nothing(no_keys, signed_in):
    listing = a_listing(title="竹茶盘")
    client = a_buyer().client if signed_in else Client()
    no_keys()
    for path in (f"/p/{listing.pk}/", "/c/home/", "/"):
        assert client.get(path, follow=True).status_code == 200, path


def key_statements(taken):
    return [query["sql"] for query in taken.captured_queries if "privacy_subjectkey" in query["sql"]]


@pytest.mark.parametrize("number", [2, 7])
def test_the_keys_of_all_reviewers_are_one_statement(number):
    listing = a_listing()
    for _ in range(number):
        a_review(order=an_order(listing=listing, delivered_at=DELIVERED))
    reviews = list(Review.objects.prefetch_related("notes"))
    keys.forget_all()
    with CaptureQueriesContext(connection) as taken:
        access.open_all(reviews)
        assert len([access.read(review).text for review in reviews]) == number
    assert len(key_statements(taken)) == 1


def test_an_order_list_opens_three_cells_of_each_buyer_with_one_statement_for_keys():
    assert ORDERS == 1000
    a_merchant()
    with _many_orders(20) as ids:
        keys.forget_all()
        with CaptureQueriesContext(connection) as taken:
            rows = _rows(ids)
            keys.preload([order.subject_id for order in rows])
            assert {getattr(order, name) for order in rows for name in FIELDS}
        assert len(taken) == 2 and len(key_statements(taken)) == 1


def test_a_page_of_the_erased_asks_once_too():
    a_merchant()
    with _many_orders(5) as ids:
        rows = _rows(ids)
        for order in rows:
            keys.destroy(subject_id=order.subject_id, at=order.placed_at + timedelta(days=1))
        with CaptureQueriesContext(connection) as taken:
            keys.preload([order.subject_id for order in rows])
            for order in rows:
                with pytest.raises(keys.KeyDestroyed):
                    _ = order.recipient
        assert len(taken) == 1
