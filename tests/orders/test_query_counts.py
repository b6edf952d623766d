"""Pages cost the same whatever the number of orders, lines or things in the cart."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.measuring import count
from kernel import clock
from tests.builders.orders import an_order
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
# Read: session, person, offers, cart, age. Written: the form's key twice, stock, ten tables, the session.
STATEMENTS = 19
# The transaction of the test is one more around the form's own; then what a refusal undoes, twice.
SAVEPOINTS = 3
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def cost(client, address: str) -> int:  # type: ignore[no-untyped-def]
    client.get(address)
    with clock.frozen(DELIVERED), CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_cart_and_checkout() -> None:
    buyer, merchant = a_buyer(), a_merchant()
    addresses = [reverse("orders:cart"), reverse("orders:checkout")]
    shopping.put_in_cart(buyer.client, a_listing(merchant=merchant))
    few = [cost(buyer.client, address) for address in addresses]
    for _ in range(9):
        shopping.put_in_cart(buyer.client, a_listing(merchant=merchant))
    assert [cost(buyer.client, address) for address in addresses] == few
    assert few[0] <= 6 and few[1] <= 7


@pytest.mark.parametrize("shops", [[1], [20], [1, 1, 1]])
def test_placing_orders(shops: list[int]) -> None:
    """The whole POST, whatever its lines and shops: what it reads, what it writes, and its transaction."""
    buyer = a_buyer()
    for number in shops:
        merchant = a_merchant()
        for _ in range(number):
            shopping.put_in_cart(buyer.client, a_listing(merchant=merchant))
    form = shopping.form_of_checkout(buyer.client)
    with CaptureQueriesContext(connection) as queries:
        assert buyer.client.post(reverse("orders:checkout"), form).status_code == 303
    assert count(queries) == STATEMENTS
    assert sum(query["sql"].startswith("SAVEPOINT") for query in queries) == SAVEPOINTS


def test_list_of_orders() -> None:
    buyer, listing = a_buyer(), a_listing(stock=20)
    an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    address = reverse("orders:list")
    few = cost(buyer.client, address)
    for _ in range(4):
        an_order(listing=listing, subject_id=buyer.subject_id)
    assert cost(buyer.client, address) == few <= 9


def test_order_page() -> None:
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED)
    assert cost(buyer.client, reverse("orders:order", args=[order.number])) <= 20
