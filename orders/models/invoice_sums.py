"""The database's own sums of invoices: invoices less credit notes are what was paid less what went back."""

from __future__ import annotations

import pgtrigger

# One sentence for every way to reach it: by the invoice, its papers, and the order's refunds.
_CHECK = """
IF EXISTS (
    SELECT FROM orders_invoice i JOIN orders_order o ON o.id = i.order_id
     WHERE {which} AND i.state IN ('asked', 'issued')
       AND o.total_minor - o.refunded_minor - i.apart_minor <> (
        SELECT coalesce(sum(CASE p.kind WHEN 'invoice' THEN p.amount_minor ELSE -p.amount_minor END), 0)
          FROM orders_invoicepaper p WHERE p.invoice_id = i.id)
) THEN
    RAISE EXCEPTION 'invoices less credit notes are what was paid less what went back'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'papers_say_what_was_paid';
END IF;
RETURN NULL;
"""
OF_INVOICE = _CHECK.format(which="i.id = NEW.id")
OF_PAPER = _CHECK.format(which="i.id = NEW.invoice_id")
OF_ORDER = _CHECK.format(which="i.order_id = NEW.id")

_ROWS = """
IF EXISTS (
    SELECT FROM orders_invoicepaper p WHERE p.id = {which} AND p.state = 'issued' AND p.amount_minor <> (
        SELECT coalesce(sum(r.gross_minor), 0) FROM orders_invoicerow r WHERE r.paper_id = p.id)
) THEN
    RAISE EXCEPTION 'an issued paper is the sum of its rows'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'an_issued_paper_is_the_sum_of_its_rows';
END IF;
RETURN NULL;
"""
ROWS_OF_PAPER = _ROWS.format(which="NEW.id")
ROWS_OF_ROW = _ROWS.format(which="NEW.paper_id")

SAME_SHOP = """
IF NOT EXISTS (
    SELECT FROM orders_invoice i WHERE i.id = NEW.invoice_id AND i.merchant_id = NEW.merchant_id
) THEN
    RAISE EXCEPTION 'a paper is of its invoice''s shop'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_paper_is_its_invoices_shops';
END IF;
RETURN NEW;
"""


def trigger(
    name: str, func: str, *, operation: pgtrigger.Operation = pgtrigger.Insert | pgtrigger.Update
) -> pgtrigger.Trigger:
    """Looked at when the transaction ends, so that refund and credit note may come in any order."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=operation, timing=pgtrigger.Deferred, func=func
    )


def of_order() -> pgtrigger.Trigger:
    """On the order: a refund that no credit note follows is refused."""
    return pgtrigger.Trigger(
        name="a_refund_of_an_invoiced_order_has_its_note",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Q(old__refunded_minor__df=pgtrigger.F("new__refunded_minor"))
        | pgtrigger.Q(old__total_minor__df=pgtrigger.F("new__total_minor")),
        func=OF_ORDER,
    )
