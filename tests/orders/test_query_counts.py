"""Pages cost the same whatever the number of orders, lines or things in the cart."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from tests.builders.orders import an_order
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
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
