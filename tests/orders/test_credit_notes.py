"""After an invoice: credit notes for what goes back, silence as a breach, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.money import Money
from notifications.models import Letter
from orders.invoices import finding
from orders.models import Invoice, InvoicePaper, InvoiceRow
from outbox import platform_clock
from tests.builders.invoices import (
    a_number,
    an_asked_invoice,
    an_issued_invoice,
    due_paper,
    give_back,
    issue,
    sound,
)
from tests.builders.orders import ORDERED, a_subject, an_order
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


class TestCreditNotes:
    def test_each_refund_after_the_invoice_has_its_note_and_clock(self) -> None:
        order = an_order(listing=a_listing(price="100.00", freight="13.00"))
        an_issued_invoice(order, at=LATER)
        give_back(order, 1130)
        give_back(order, 500, purpose="case:2")
        notes = InvoicePaper.objects.due().order_by("made_at", "id")
        assert [(note.kind, note.amount, note.cause) for note in notes] == [
            ("credit_note", Money(1130), "case:1"),
            ("credit_note", Money(500), "case:2"),
        ]
        issue(notes[0], at=LATER, rates={})
        row = InvoiceRow.objects.get(paper__kind="credit_note")
        assert (row.gross, row.net, row.tax, row.rate) == (Money(1130), Money(1000), Money(130), 1300)
        assert sound()

    def test_the_last_fen_back_leaves_nothing_said(self) -> None:
        order = an_order(listing=a_listing(price="99.99", freight="10.00"), quantity=1)
        an_issued_invoice(order, at=LATER)
        for number, minor in enumerate((3333, 3333, order.total_minor - 6666)):
            give_back(order, minor, purpose=f"case:{number}")
        for note in InvoicePaper.objects.due().order_by("made_at", "id"):
            issue(note, at=LATER, rates={})
        said = dict.fromkeys(("invoice", "credit_note"), 0)
        for row in InvoiceRow.objects.select_related("paper"):
            said[row.paper.kind] += row.gross_minor
        assert said["invoice"] == said["credit_note"] == order.total_minor and sound()

    def test_before_it_is_issued_the_invoice_shrinks_and_ends_at_nothing(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        give_back(order, 100)
        assert due_paper(order).amount == Money(order.total_minor - 100)
        give_back(order, order.total_minor - 100, purpose="case:2")
        assert Invoice.objects.get().state == "ended"
        assert InvoicePaper.objects.get().state == "dropped" and sound()


class TestSilence:
    @pytest.fixture(autouse=True)
    def _time_may_pass(self) -> None:
        platform_clock.allow_shifting(allowed=True)

    def test_is_a_breach_that_is_shown_and_told(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        paper = due_paper(order)
        shopping.time_passes(paper.due_at)
        paper.refresh_from_db()
        assert (paper.late_at, paper.state) == (paper.due_at, "due")
        assert Letter.objects.filter(subject_id=order.subject_id, kind="orders.invoice_late").count() == 1
        figure = finding.in_time(order.merchant_id, at=paper.due_at)
        assert (figure.kept, figure.all, figure.shown) == (0, 1, False)
        issue(paper, at=paper.due_at + timedelta(days=1))
        assert finding.in_time(order.merchant_id, at=paper.due_at + timedelta(days=2)).kept == 0

    def test_in_time_is_none(self) -> None:
        paper = an_issued_invoice(an_order(), at=LATER)
        shopping.time_passes(paper.due_at)
        paper.refresh_from_db()
        assert paper.late_at is None
        assert finding.in_time(paper.merchant_id, at=paper.due_at).kept == 1


ATTACKS = {
    "a refund without its note": (
        "UPDATE orders_order SET refunded_minor = refunded_minor + 1 WHERE id = %(order)s",
        "invoices less credit notes",
    ),
    "a paper over more": (
        "UPDATE orders_invoicepaper SET amount_minor = amount_minor + 1 WHERE id = %(due)s",
        "invoices less credit notes",
    ),
    "an issued paper changed": (
        "UPDATE orders_invoicepaper SET number = '26999999999999999999' WHERE id = %(issued)s",
        "Cannot update",
    ),
    "an issued paper taken away": ("DELETE FROM orders_invoicepaper WHERE id = %(issued)s", "Cannot delete"),
    "a row changed": ("UPDATE orders_invoicerow SET rate = 0 WHERE paper_id = %(issued)s", "Cannot update"),
    "issued without rows": (
        "UPDATE orders_invoicepaper SET state = 'issued', number = '26999999999999999998', issued_at = now()"
        " WHERE id = %(due)s",
        "the sum of its rows",
    ),
    "issued without a number": (
        "UPDATE orders_invoicepaper SET state = 'issued', issued_at = now() WHERE id = %(due)s",
        "an_issued_paper_has_number_and_instant",
    ),
    "refused for no reason": (
        "UPDATE orders_invoice SET state = 'refused' WHERE id = %(invoice)s",
        "an_invoice_is_refused_for_a_lawful_reason",
    ),
    "an invoice taken away": ("DELETE FROM orders_invoice WHERE id = %(invoice)s", "Cannot delete"),
    "an invoice of somebody else": (
        "UPDATE orders_invoice SET subject_id = %(other)s WHERE id = %(invoice)s",
        "Cannot update",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(attack: str) -> None:
    order = an_order(listing=a_listing(stock=5))
    due = an_order(listing=order.lines.get().listing)
    issued = an_issued_invoice(order, at=LATER)
    an_asked_invoice(due, at=LATER)
    assert sound()
    statement, name = ATTACKS[attack]
    told = {
        "order": order.pk,
        "issued": issued.pk,
        "invoice": issued.invoice_id,
        "due": due_paper(due).pk,
        "other": a_subject(),
    }
    with pytest.raises(DatabaseError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, told)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert a_number()
