"""Forms with odd contents from those who may send them: refused, nothing written, nothing broken."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from catalog.models import Stock
from complaints.models import Complaint
from orders.models import CartLine, Return
from tests.builders.cases import DELIVERED, OPENED, a_complaint
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing

ODD = [
    "\x00",
    "\ud800",
    "x" * 200_000,
    "-1",
    "²",
    "9" * 40,
    "9223372036854775808",
    "NaN",
    "1e400",
    "\u202e",
    "",
]
KEY = {"idempotency_key": "k" * 20}


@pytest.fixture
def people(platform_at):
    platform_at(OPENED)
    buyer = a_buyer()
    order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
    member = a_member(order.merchant)
    for person in (buyer, member):
        person.client.raise_request_exception = False
    return buyer, member, order


def sent(client, url, name, word, others) -> int:
    """As a browser writes it, so that bytes which are no text arrive as they are."""
    body = urlencode({**KEY, **others, name: word}, errors="surrogatepass")
    return client.post(url, body, content_type="application/x-www-form-urlencoded").status_code


@pytest.mark.parametrize("word", ODD)
def test_of_a_buyer(people, word):
    buyer, _, order = people
    listing = a_listing()
    line = order.lines.get().pk.hex
    story = reverse("complaints:file-story", args=[order.number])
    told = {"category": "damaged", "wish": "part_refund", "asked": "1.00", "text": "坏了"}
    asked = reverse("orders:returns", args=[order.number])
    cases = [
        (reverse("orders:cart-lines"), "listing", {"quantity": "1"}),
        (reverse("orders:cart-lines"), "quantity", {"listing": str(listing.pk)}),
        (reverse("orders:cart-line", args=[listing.pk]), "quantity", {}),
        *[(story, name, told) for name in (*told, "line_id", "field")],
        *[(asked, name, {"kind": "no_reason"}) for name in ("kind", f"line_{line}")],
    ]
    for url, name, others in cases:
        status = sent(buyer.client, url, name, word, others)
        assert status < 500, (url, name)
    assert not Return.objects.exists()
    assert CartLine.objects.filter(quantity__gt=99).count() == 0


@pytest.mark.parametrize("word", ODD)
def test_of_a_checkout(people, word):
    buyer, _, _ = people
    for name in ("name", "phone", "address", "note", "seen_total", "listing", "recipient"):
        others = {"name": "林未", "phone": "13800138000", "address": "上海市徐汇区漕溪北路 88 号"}
        url = reverse("orders:checkout")
        assert sent(buyer.client, url, name, word, others) < 500


@pytest.mark.parametrize("word", ODD)
def test_of_a_shop(people, word):
    _, member, order = people
    slug, complaint = order.merchant.slug, a_complaint(order=order)
    answer = reverse("complaints:shop-answer", args=[slug, complaint.number])
    listing = order.lines.get().listing_id
    cases = [
        (answer, "text", {"kind": "contest"}),
        (answer, "kind", {"text": "不同意"}),
        (answer, "offered", {"kind": "offer", "text": "退一点"}),
        (reverse("orders:merchant-shipments", args=[slug]), "rows", {}),
        (reverse("catalog:listing-stock", args=[slug, listing]), "on_hand", {}),
        *[
            (reverse("catalog:listing", args=[slug, listing]), name, {})
            for name in ("title_en", "price", "freight", "barcode", "description_en")
        ],
        (reverse("catalog:listing-words-left-out", args=[slug, listing]), "leave_out", {}),
        (reverse("catalog:placements", args=[slug]), "listing", {"first_day": "2027-01-01", "days": "1"}),
        (reverse("catalog:listing-new", args=[slug]), "category", {}),
        (reverse("catalog:listing-new", args=[slug]), "code", {"category": "home"}),
    ]
    for url, name, others in cases:
        assert sent(member.client, url, name, word, others) < 500, (url, name)
    assert Stock.objects.filter(on_hand__gt=1_000_000).count() == 0
    assert Complaint.objects.get(pk=complaint.pk).offers.count() == 0
