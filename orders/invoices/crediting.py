"""Money goes back of an invoiced order: the invoice shrinks, or a credit note is due."""

from __future__ import annotations

from datetime import datetime

from kernel.money import Money
from orders.invoice_states import InvoiceState, PaperKind
from orders.invoices import asking, moving
from orders.models import Invoice, Order


def follow(order: Order, *, amount: Money, cause: str, at: datetime) -> None:
    """In the refund's own transaction, with the order locked and its refund written.

    What isn't issued yet will say less; what is issued gets a credit note over what it said of `amount`,
    with its clock: what goes back to a card or as points was never on it.
    """
    rows = Invoice.objects.of_order(order.pk).filter(state__in=[InvoiceState.ASKED, InvoiceState.ISSUED])
    invoice = rows.select_for_update(of=("self",)).first()
    if invoice is None:
        return
    said = moving.sum_of(order, invoice) + amount
    left = moving.set_apart(order, invoice)
    if invoice.state == InvoiceState.ISSUED:
        if less := said - left:
            moving.note_due(order, invoice, amount=less, cause=cause, at=at)
        return
    if left.minor <= 0:
        asking.end(order, invoice, at=at)
        return
    paper = invoice.papers.get(kind=PaperKind.INVOICE)
    paper.amount_minor = left.minor
    paper.save(update_fields=["amount_minor"])
