"""Journey: an invoice wanted at the checkout, issued by the shop, a credit note after a return; over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from orders.models import Invoice, InvoicePaper, Order
from payments.sandbox import straight
from tests.builders.invoices import COMPANY, a_number, a_pdf
from tests.builders.orders import an_order
from tests.builders.people import Person, a_buyer, a_guest, a_member
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
WISH = {
    "invoice-want": "on",
    "invoice-kind": "company",
    "invoice-title": COMPANY.title,
    "invoice-tax_number": COMPANY.tax_number,
}


def issue(shop: Person, slug: str, paper: InvoicePaper, *, at: datetime, **changed: Any) -> Any:
    address = reverse("orders:merchant-invoice", args=[slug, paper.pk])
    told = {
        "number": a_number(),
        "amount": paper.amount.decimal_text,
        "file": a_pdf(),
        "idempotency_key": shopping.key(),
    }
    if not paper.is_credit_note:
        told |= {f"rate_{line.pk.hex}": "13" for line in paper.invoice.order.lines.all()}
    with clock.frozen(at):
        answer = shop.client.post(address, {**told, **changed})
        shopping.drain(at)
    return answer


def test_wanted_issued_returned_and_credited() -> None:
    listing = a_listing(price="113.00", freight="0.00", stock=5)
    buyer, shop = a_buyer(), a_member(listing.merchant)
    slug = listing.merchant.slug
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing, 2)
        wrong = shopping.check_out(buyer.client, **{**WISH, "invoice-tax_number": "123"})
        assert wrong.status_code == 422 and not Order.objects.exists() and not Invoice.objects.exists()
        (order,) = shopping.buy(buyer.client, DAY, **WISH)
    paper = InvoicePaper.objects.get()
    assert (paper.state, paper.amount) == ("due", Money(22600))
    with clock.frozen(DAY):
        queue = shop.client.get(reverse("orders:merchant-invoices", args=[slug])).content.decode()
        page = shop.client.get(reverse("orders:merchant-invoice", args=[slug, paper.pk])).content.decode()
    assert order.number in queue and COMPANY.title in page and COMPANY.tax_number in page

    assert issue(shop, slug, paper, at=DAY, amount="1.00").status_code == 422
    assert issue(shop, slug, paper, at=DAY, number="77").status_code == 422
    assert issue(shop, slug, paper, at=DAY).status_code == 303
    file = reverse("orders:invoice-paper", args=[order.number, paper.pk])
    with clock.frozen(DAY):
        got = buyer.client.get(file)
        assert got.status_code == 200 and got.content.startswith(b"%PDF-")
        assert "attachment" in got["Content-Disposition"]
        for stranger in (a_buyer(), a_guest(), a_member(a_merchant())):
            assert stranger.client.get(file).status_code == 404
        shopping.ship(shop.client, order, "SF 0000 1111 23")
    delivered = DAY + timedelta(days=2)
    with clock.frozen(delivered):
        shopping.carrier_says("SF0000111123", "delivered", delivered)
        made = shopping.return_goods(buyer.client, order, 1)
        post = {"tracking_number": "SF9000111123", "idempotency_key": shopping.key()}
        buyer.client.post(reverse("orders:return-parcel", args=[made.number]), post)
        shopping.carrier_says("SF9000111123", "delivered", delivered)
        refund = reverse("orders:merchant-return-refund", args=[slug, made.number])
        assert shop.client.post(refund, {"idempotency_key": shopping.key()}).status_code == 303
        straight.run(at=delivered)
        shopping.drain(delivered)
    note = InvoicePaper.objects.get(kind="credit_note")
    assert (note.state, note.amount) == ("due", Money(11300))
    assert issue(shop, slug, note, at=delivered).status_code == 303
    with clock.frozen(delivered):
        mine = buyer.client.get(reverse("orders:invoices")).content.decode()
        table = buyer.client.get(reverse("orders:invoices") + "?format=csv").content.decode()
        own = shop.client.get(reverse("orders:merchant-invoices", args=[slug]) + "?tab=all&format=csv")
    note.refresh_from_db()
    assert note.number in mine and note.number in table and note.number in own.content.decode()
    assert COMPANY.title not in own.content.decode()


def test_a_guest_asks_later_and_takes_it_back() -> None:
    guest = a_guest()
    order = an_order(subject_id=guest.subject_id)
    address = reverse("orders:invoice", args=[order.number])
    told = {"kind": "person", "title": "林未", "tax_number": ""}
    with clock.frozen(DAY):
        assert guest.client.get(address).status_code == 200
        assert a_buyer().client.get(address).status_code == 404
        empty = guest.client.post(address, {"kind": "person", "title": "", "idempotency_key": shopping.key()})
        assert empty.status_code == 422 and not Invoice.objects.exists()
        told["idempotency_key"] = shopping.key()
        assert guest.client.post(address, told).status_code == 303
        assert guest.client.post(address, told).status_code == 303  # a double click is one invoice
        assert "林未" in guest.client.get(address).content.decode()
        back = reverse("orders:invoice-withdrawal", args=[order.number])
        assert guest.client.post(back, {"idempotency_key": shopping.key()}).status_code == 303
    assert Invoice.objects.get().state == "ended"


def test_titles_are_kept_beside_the_addresses_and_fill_in_the_form() -> None:
    buyer = a_buyer()
    book = reverse("orders:invoice-titles")
    told = {"kind": "company", "title": COMPANY.title, "tax_number": COMPANY.tax_number}
    with clock.frozen(DAY):
        assert buyer.client.post(book, {**told, "tax_number": "1"}).status_code == 422
        assert buyer.client.post(book, told).status_code == 303
        assert COMPANY.tax_number in buyer.client.get(book).content.decode()
        assert book in buyer.client.get(reverse("orders:addresses")).content.decode()
        order = an_order(subject_id=buyer.subject_id)
        page = buyer.client.get(reverse("orders:invoice", args=[order.number])).content.decode()
        assert COMPANY.title in page


def test_a_person_is_masked_to_the_shop_once_it_has_issued() -> None:
    order = an_order()
    shop, slug = a_member(order.merchant), order.merchant.slug
    with clock.frozen(DAY):
        from_buyer = {"kind": "person", "title": "林未央", "tax_number": ""}
        buyer = a_buyer()
        mine = an_order(subject_id=buyer.subject_id, listing=order.lines.get().listing)
        address = reverse("orders:invoice", args=[mine.number])
        buyer.client.post(address, {**from_buyer, "idempotency_key": shopping.key()})
        shopping.drain(DAY)
        paper = InvoicePaper.objects.get()
        page = reverse("orders:merchant-invoice", args=[slug, paper.pk])
        assert "林未央" in shop.client.get(page).content.decode()
    assert issue(shop, slug, paper, at=DAY).status_code == 303
    with clock.frozen(DAY):
        after = shop.client.get(page).content.decode()
    assert "林未央" not in after and "林**" in after
