"""A guest's order link in somebody else's browser: it shows the order and collects nothing."""

import pytest
from django.test import Client

from orders import cart
from orders.guest_links import link
from tests.builders.orders import ORDERED, a_subject, an_order
from tests.builders.people import a_guest
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def trap():
    """An order of a guest who then put something aside, and the link to it."""
    guest = a_guest(at=ORDERED)
    order = an_order(subject_id=guest.subject_id)
    cart.put(
        subject_id=guest.subject_id, listing_id=a_listing().pk, quantity=1, actor=guest.actor, at=ORDERED
    )
    return guest, order


def test_the_reader_sees_the_order_and_no_cart(trap):
    guest, order = trap
    reader = Client()

    assert reader.get(link(order), follow=True).status_code == 200
    assert reader.get(f"/orders/{order.number}/").status_code == 200
    assert reader.get("/checkout/").status_code in (302, 303)
    assert cart.count(subject_id=guest.subject_id) == 1


def test_what_the_reader_puts_aside_is_the_reader_s(trap):
    guest, order = trap
    reader = Client()
    reader.get(link(order))

    reader.post("/cart/lines/", {"listing": str(a_listing().pk), "quantity": "1"})

    assert cart.count(subject_id=guest.subject_id) == 1


def test_the_guest_s_own_browser_goes_on_shopping(trap):
    guest, order = trap
    guest.client.get(link(order))

    assert guest.client.get("/checkout/").status_code == 200


def test_a_link_made_elsewhere_is_not_found():
    a_subject()
    assert Client().get("/orders/g/forged:token/").status_code == 404


def test_reading_somebody_s_link_takes_nothing_from_a_guest_of_one_s_own(trap):
    _, order = trap
    reader = a_guest(at=ORDERED)
    cart.put(
        subject_id=reader.subject_id, listing_id=a_listing().pk, quantity=1, actor=reader.actor, at=ORDERED
    )
    reader.client.get(link(order))

    assert reader.client.get(f"/orders/{order.number}/").status_code == 200
    assert reader.client.get("/checkout/").status_code == 200
    assert cart.count(subject_id=reader.subject_id) == 1
    own = an_order(subject_id=reader.subject_id)
    reader.client.get(link(own))
    assert reader.client.get(f"/orders/{own.number}/").status_code == 200
