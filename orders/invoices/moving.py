"""The only code that writes the state of an invoice: checked by its table, proved, told."""

from __future__ import annotations

from datetime import datetime

from kernel.money import Money
from orders.invoice_events import CreditNoteDue, InvoiceAsked
from orders.invoice_states import INVOICE, PaperKind, PaperState
from orders.invoices import clocks
from orders.lifecycle import prove
from orders.models import Invoice, InvoicePaper, Order
from outbox import bus
from payments import tenders


def move(invoice: Invoice, name: str, order: Order, *, at: datetime, **changes: object) -> None:
    """:raises IllegalMove: nothing has been written then"""
    before, after = invoice.state, INVOICE.target(invoice.state, name)
    invoice.state = after
    for field, value in changes.items():
        setattr(invoice, field, value)
    invoice.save(update_fields=["state", *changes])
    said = {"invoice": str(invoice.pk), "from": str(before), "to": str(after)}
    prove(order, f"orders.invoice.{name}", said, at=at)


def sum_of(order: Order, invoice: Invoice) -> Money:
    """What papers have to say now: paid and not given back, less what stands on a card's own invoice."""
    return Money(order.left.minor - invoice.apart_minor, order.currency)


def set_apart(order: Order, invoice: Invoice) -> Money:
    """Note what cards and points paid and still stands; gives what papers have to say besides."""
    apart = min(tenders.left_on(order.pk, order.currency), order.left)
    if apart.minor != invoice.apart_minor:
        invoice.apart_minor = apart.minor
        invoice.save(update_fields=["apart_minor"])
    return sum_of(order, invoice)


def paper_due(order: Order, invoice: Invoice, *, at: datetime) -> InvoicePaper:
    """The invoice itself is due from now on, over what is paid at this instant."""
    found = clocks.window(PaperKind.INVOICE, order, at=at)
    paper = InvoicePaper.objects.create(
        invoice=invoice,
        merchant_id=order.merchant_id,
        kind=PaperKind.INVOICE,
        currency=order.currency,
        amount_minor=sum_of(order, invoice).minor,
        made_at=at,
        due_at=found.due_at,
    )
    clocks.start(paper.pk, found, at=at)
    bus.publish(InvoiceAsked(order.pk, order.merchant_id, order.subject_id, paper.pk), at=at)
    return paper


def note_due(order: Order, invoice: Invoice, *, amount: Money, cause: str, at: datetime) -> InvoicePaper:
    """A credit note over money that went back of what the invoice says."""
    found = clocks.window(PaperKind.CREDIT_NOTE, order, at=at)
    paper = InvoicePaper.objects.create(
        invoice=invoice,
        merchant_id=order.merchant_id,
        kind=PaperKind.CREDIT_NOTE,
        cause=cause,
        currency=order.currency,
        amount_minor=amount.minor,
        made_at=at,
        due_at=found.due_at,
    )
    clocks.start(paper.pk, found, at=at)
    fact = CreditNoteDue(
        order.pk, order.merchant_id, order.subject_id, paper.pk, str(paper.kind), amount.minor
    )
    bus.publish(fact, at=at)
    return paper


def drop(paper: InvoicePaper, *, at: datetime) -> None:
    """Nothing is left to say on it, or nobody wants it any more."""
    paper.state, paper.amount_minor = PaperState.DROPPED, 0
    paper.save(update_fields=["state", "amount_minor"])
    clocks.end(paper.pk, at=at)
