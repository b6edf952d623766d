"""Drawing up a paper's rows from the order's lines and what papers say of them so far."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Sum

from orders.invoice_states import PaperKind
from orders.invoices import amounts
from orders.invoices.amounts import LineSum
from orders.models import InvoicePaper, InvoiceRow, Order, OrderLine


def rows_of(order: Order, paper: InvoicePaper, rates: Mapping[UUID, int]) -> list[InvoiceRow]:
    """Not saved yet. A credit note takes the rates of the invoice that it follows.

    :raises RateOutOfRange: with the field of the line
    """
    found = amounts.rows(said_of(order, paper), rates_of(paper) or rates)
    return [
        InvoiceRow(
            paper=paper,
            line_id=row.line_id,
            currency=paper.currency,
            gross_minor=row.gross_minor,
            rate=row.rate,
            net_minor=row.net_minor,
            tax_minor=row.tax_minor,
        )
        for row in found
    ]


def said_of(order: Order, paper: InvoicePaper) -> dict[UUID, int]:
    """By line, what the paper says of it, in minor units; the parts sum to the paper."""
    lines = list(OrderLine.objects.of_order(order.pk))
    if paper.kind == PaperKind.CREDIT_NOTE:
        said = _said_so_far(paper)
        sums = [LineSum(line.pk, said.get(line.pk, 0), line.left.minor) for line in lines]
        return amounts.take_off(sums, paper.amount_minor)
    sums = [LineSum(line.pk, line.paid.minor, line.left.minor) for line in lines]
    off = amounts.take_off(sums, order.total.minor - paper.amount_minor)
    return {each.line_id: each.open_minor - off[each.line_id] for each in sums}


def rates_of(paper: InvoicePaper) -> dict[UUID, int]:
    """The rates that the invoice states which a credit note follows; none for an invoice itself."""
    if paper.kind == PaperKind.INVOICE:
        return {}
    rows = InvoiceRow.objects.filter(paper__invoice_id=paper.invoice_id, paper__kind=PaperKind.INVOICE)
    return dict(rows.values_list("line_id", "rate"))


def _said_so_far(paper: InvoicePaper) -> dict[UUID, int]:
    """The invoice less the credit notes that were issued."""
    said: dict[UUID, int] = {}
    rows = InvoiceRow.objects.filter(paper__invoice_id=paper.invoice_id)
    for line_id, kind, minor in rows.values_list("line_id", "paper__kind").annotate(minor=Sum("gross_minor")):
        said[line_id] = said.get(line_id, 0) + (minor if kind == PaperKind.INVOICE else -minor)
    return said
