"""The door Change puts right where parcels go, for the person alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from orders import guest_links
from orders.models import Order
from privacy.models import Request
from tests.builders.orders import LIN_WEI, ORDERED, an_order
from tests.builders.people import a_buyer, a_guest, a_visitor

pytestmark = pytest.mark.django_db
WANTED = {"recipient": "", "phone": "", "address": "上海市徐汇区漕溪北路 90 号", "idempotency_key": "k" * 20}


@pytest.fixture
def url(at):  # type: ignore[no-untyped-def]
    at(ORDERED + timedelta(days=3))
    return reverse("privacy:correct")


def test_open_orders_change_and_others_stay(url: str):
    buyer = a_buyer()
    old = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + timedelta(days=2))
    new = an_order(subject_id=buyer.subject_id)
    page = buyer.client.post(url, WANTED, follow=True).content.decode()
    assert "改正了 1 个订单。" in page and "1 个订单已经发出" in page
    now = Order.objects.get(pk=new.pk)
    assert (now.recipient, now.address) == (LIN_WEI.name, WANTED["address"])
    assert Order.objects.get(pk=old.pk).address == LIN_WEI.address


def test_the_form_shows_nothing_of_the_present(url: str):
    buyer = a_buyer()
    an_order(subject_id=buyer.subject_id)
    page = buyer.client.get(url).content.decode()
    assert LIN_WEI.name not in page and LIN_WEI.phone not in page


@pytest.mark.parametrize("told", [{"address": ""}, {"phone": "12"}, {"address": "长" * 301}])
def test_what_can_t_be_right_is_refused_and_changes_nothing(url: str, told: dict[str, str]):
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id)
    assert buyer.client.post(url, {**WANTED, **told}).status_code == 422
    assert Order.objects.get(pk=order.pk).address == LIN_WEI.address
    assert not Request.objects.exists()


def test_a_forwarded_link_moves_no_parcel(url: str):
    order = an_order(subject_id=a_guest().subject_id)
    browser = Client()
    browser.get(reverse("orders:guest", args=[guest_links.token(order)]))
    assert browser.get(url).status_code == browser.post(url, WANTED).status_code == 404
    assert Order.objects.get(pk=order.pk).address == LIN_WEI.address


def test_the_guest_s_own_browser_may(url: str):
    guest = a_guest()
    order = an_order(subject_id=guest.subject_id)
    assert guest.client.post(url, WANTED).status_code == 303
    assert Order.objects.get(pk=order.pk).address == WANTED["address"]


def test_nobody_signs_in_first_and_others_orders_stay(url: str):
    order = an_order()
    assert a_visitor().client.post(url, WANTED).status_code == 302
    a_buyer().client.post(url, WANTED)
    assert Order.objects.get(pk=order.pk).address == LIN_WEI.address
