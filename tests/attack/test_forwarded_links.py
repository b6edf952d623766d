"""An order's link that was forwarded opens the order, and no more than that."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import linking
from orders import guest_links
from privacy.models import Request
from privacy.states import RequestState
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_guest

pytestmark = pytest.mark.django_db
GUEST = "orders:guest"


@pytest.fixture
def bought():  # type: ignore[no-untyped-def]
    guest = a_guest()
    return guest, an_order(subject_id=guest.subject_id)


def opened(order) -> Client:  # type: ignore[no-untyped-def]
    """A stranger's browser after a click on the link."""
    browser = Client()
    browser.get(reverse(GUEST, args=[guest_links.token(order)]))
    return browser


def test_it_shows_the_order(bought):  # type: ignore[no-untyped-def]
    _, order = bought
    assert opened(order).get(reverse("orders:order", args=[order.number])).status_code == 200


def test_a_copy_asked_for_by_it_alone_waits_for_an_officer(bought, at):  # type: ignore[no-untyped-def]
    at(ORDERED)
    guest, order = bought
    opened(order).post(reverse("privacy:copy"), {"kind": "copy", "idempotency_key": "k" * 20})
    request = Request.objects.get(subject_id=guest.subject_id)
    assert request.state == RequestState.RECEIVED


def test_the_browser_that_bought_needs_nobody(bought, at):  # type: ignore[no-untyped-def]
    at(ORDERED)
    guest, _ = bought
    guest.client.post(reverse("privacy:copy"), {"kind": "copy", "idempotency_key": "k" * 20})
    request = Request.objects.get(subject_id=guest.subject_id)
    assert request.state != RequestState.RECEIVED


def test_it_ends_when_the_guest_becomes_an_account(bought):  # type: ignore[no-untyped-def]
    guest, order = bought
    assert linking.link(owner_id=a_buyer().subject_id, guest_id=guest.subject_id, at=ORDERED)
    assert opened(order).get(reverse("orders:order", args=[order.number])).status_code in (302, 404)
