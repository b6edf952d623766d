"""A piece given in exchange has a serial code of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from catalog import serial_batches, serial_handing
from catalog.serial_handing import Handed
from kernel import clock
from kernel.actor import Actor
from orders import serial_codes
from tests.builders.aftercare import a_claim
from tests.builders.brands import a_brand_claim
from tests.builders.orders import an_order, member_of
from tests.builders.people import a_member
from tests.builders.shops import a_complete_draft, a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
LATER = DELIVERED + timedelta(days=4)


@pytest.fixture
def order():
    """Of goods that are brand direct: only those have codes."""
    shop, draft = a_merchant(), a_complete_draft("home", title="茶则")
    a_brand_claim(shop, at=DELIVERED - timedelta(days=6))
    listing = a_listing(merchant=shop, attributes={**draft["attributes"], "brand": "清川"})
    return an_order(listing=listing, delivered_at=DELIVERED)


@pytest.fixture
def codes(order):
    listing = order.lines.get().listing
    made = {"merchant_id": order.merchant_id, "listing_id": listing.pk, "actor": Actor.system()}
    return serial_batches.generate(number=3, at=DELIVERED, **made)[1]


def tie(order, code, at=LATER):
    facts = {"order_id": order.pk, "line_id": order.lines.get().pk, "code": code}
    return serial_codes.hand_out(**facts, actor=member_of(order), at=at)


def test_one_for_each_piece_and_one_more_for_the_exchange(order, codes):
    assert tie(order, codes[0], DELIVERED) is Handed.OUT
    assert tie(order, codes[1]) is Handed.FULL
    a_claim(order, at=DELIVERED, state="in_hand")
    assert tie(order, codes[1]) is Handed.OUT
    assert tie(order, codes[2]) is Handed.FULL
    line = order.lines.get()
    assert len(serial_handing.of_lines([line.pk])[line.pk]) == 2


def test_none_before_the_fault_is_seen(order, codes):
    assert tie(order, codes[0], DELIVERED) is Handed.OUT
    a_claim(order, at=DELIVERED, state="received")
    assert tie(order, codes[1]) is Handed.FULL


def test_the_shop_is_led_from_the_exchange_to_its_code(order, codes):
    claim = a_claim(order, at=DELIVERED, state="in_hand")
    owner, slug = a_member(order.merchant), order.merchant.slug
    serials = reverse("orders:merchant-serials", args=[slug, order.number])
    with clock.frozen(LATER):
        page = owner.client.get(reverse("orders:merchant-claim", args=[slug, claim.number]))
        assert serials in page.content.decode() and "登记它的防伪码" in page.content.decode()
        assert "0/2" in owner.client.get(serials).content.decode()
