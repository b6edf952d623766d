"""What must always be true of orders and their money, as queries that find no rows (tests, nightly)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from kernel.errors import N_
from orders.cover import invariants as cover_invariants
from payments.invariants import Offence

# Escrow of an order: what was paid and not given back while the order holds it, plus refunds that a
# provider could not carry out and that wait in escrow for the next attempt, less what a dispute took out.
RULES: dict[str, str] = {
    N_("escrow holds what the order's state says"): """
        SELECT o.number, o.state, coalesce(e.minor, 0)
        FROM orders_order o
        LEFT JOIN (SELECT account, sum(amount_minor) AS minor FROM payments_posting GROUP BY account) e
            ON e.account = 'escrow:' || o.id
        LEFT JOIN (SELECT reference, sum(amount_minor) AS minor FROM payments_refund
            WHERE state <> 'failed' GROUP BY reference) r ON r.reference = o.id
        LEFT JOIN (SELECT s.reference, sum(CASE d.state WHEN 'lost' THEN s.amount_minor
                    ELSE s.from_escrow_minor END) AS minor
            FROM payments_disputeshare s JOIN payments_dispute d ON d.id = s.dispute_id
            WHERE d.state <> 'won' GROUP BY s.reference) p ON p.reference = o.id
        WHERE coalesce(e.minor, 0) <>
            CASE WHEN o.state IN ('paid', 'shipped', 'delivered')
                 THEN o.total_minor - o.refunded_minor - o.released_minor ELSE 0 END
            + o.refunded_minor - coalesce(r.minor, 0) - coalesce(p.minor, 0)""",
    N_("a carrier got what its used labels cost, and nothing for others"): """
        SELECT l.carrier, l.minor, coalesce(p.minor, 0)
        FROM (SELECT carrier, sum(charged_minor) AS minor FROM orders_returnlabel GROUP BY carrier) l
        LEFT JOIN (SELECT account, sum(amount_minor) AS minor FROM payments_posting
            WHERE account LIKE 'carrier:%' GROUP BY account) p ON p.account = 'carrier:' || l.carrier
        WHERE l.minor <> coalesce(p.minor, 0)""",
    N_("refunded never exceeds what was paid"): """
        SELECT number FROM orders_order WHERE refunded_minor > total_minor OR refunded_minor < 0""",
    N_("what went back of the lines is within what went back of the order"): """
        SELECT o.number FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
        GROUP BY o.id HAVING sum(l.refunded_minor) > o.refunded_minor""",
    N_("an order's lines sum to its totals"): """
        SELECT o.number FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
        GROUP BY o.id
        HAVING sum(l.total_minor) <> o.goods_minor OR sum(l.freight_minor) <> o.freight_minor
            OR sum(l.discount_minor) <> o.discount_minor""",
    N_("a line is discounted by what its discounts sum to"): """
        SELECT l.id, l.discount_minor, r.minor FROM orders_orderline l
        LEFT JOIN (SELECT line_id, sum(amount_minor) AS minor FROM orders_linediscount GROUP BY line_id) r
            ON r.line_id = l.id
        WHERE l.discount_minor <> coalesce(r.minor, 0)""",
    N_("a campaign has promised what its orders were given"): """
        SELECT c.id, c.promised_minor, coalesce(sum(f.amount_minor - f.back_minor), 0) FROM orders_campaign c
        LEFT JOIN orders_funding f ON f.campaign_id = c.id
        GROUP BY c.id HAVING c.promised_minor <> coalesce(sum(f.amount_minor - f.back_minor), 0)""",
    N_("a campaign pays what came off its orders' lines"): """
        SELECT l.order_id, sum(d.amount_minor), f.amount_minor FROM orders_linediscount d
        JOIN orders_orderline l ON l.id = d.line_id LEFT JOIN orders_funding f ON f.order_id = l.order_id
        WHERE d.funder = 'platform' GROUP BY l.order_id, f.amount_minor
        HAVING sum(d.amount_minor) <> coalesce(f.amount_minor, 0)""",
    N_("a campaign's escrow holds what is neither settled nor back"): """
        SELECT f.id, coalesce(e.minor, 0) FROM orders_funding f
        LEFT JOIN (SELECT account, sum(amount_minor) AS minor FROM payments_posting
            WHERE account LIKE 'escrow:%' GROUP BY account) e ON e.account = 'escrow:' || f.id
        WHERE coalesce(e.minor, 0) <> CASE WHEN f.held_at IS NULL THEN 0
            ELSE f.amount_minor - f.back_minor - f.settled_minor END""",
    N_("a campaign's account holds what it promised nobody, or hasn't paid in yet"): """
        SELECT c.id, coalesce(e.minor, 0) FROM orders_campaign c
        LEFT JOIN (SELECT account, sum(amount_minor) AS minor FROM payments_posting
            WHERE account LIKE 'campaign:%' GROUP BY account) e ON e.account = 'campaign:' || c.id
        LEFT JOIN (SELECT campaign_id, sum(amount_minor - back_minor) AS minor FROM orders_funding
            WHERE held_at IS NULL GROUP BY campaign_id) w ON w.campaign_id = c.id
        WHERE coalesce(e.minor, 0) <> coalesce(w.minor, 0)
            + CASE WHEN c.ended_at IS NULL THEN c.budget_minor - c.promised_minor ELSE 0 END""",
    N_("an order's state is what its moves led to"): """
        SELECT o.number, o.state, m.to_state FROM orders_order o
        JOIN LATERAL (SELECT to_state FROM orders_ordermove WHERE order_id = o.id
                      ORDER BY id DESC LIMIT 1) m ON true
        WHERE m.to_state <> o.state""",
    N_("a return's state is what its moves led to"): """
        SELECT r.number, r.state, m.to_state FROM orders_return r
        JOIN LATERAL (SELECT to_state FROM orders_returnmove WHERE returning_id = r.id
                      ORDER BY id DESC LIMIT 1) m ON true
        WHERE m.to_state <> r.state""",
    N_("every order's step has its proof"): """
        SELECT o.number FROM orders_order o
        WHERE (SELECT count(*) FROM orders_ordermove m WHERE m.order_id = o.id)
           <> (SELECT count(*) FROM evidence_leaf l WHERE l.reference = o.id AND l.label LIKE 'orders.order.%'
               AND l.label <> 'orders.order.give_back')""",
    N_("a line's pieces are sent by its parcels"): """
        SELECT l.order_id, l.sent_quantity FROM orders_orderline l
        LEFT JOIN (SELECT line_id, sum(quantity) AS pieces FROM orders_parcelline GROUP BY line_id) p
            ON p.line_id = l.id
        WHERE l.sent_quantity <> coalesce(p.pieces, 0)""",
    N_("an order is sent and delivered as its parcels say"): """
        SELECT o.number, o.state FROM orders_order o
        WHERE (o.state IN ('shipped', 'delivered', 'settled') AND EXISTS (
                SELECT 1 FROM orders_orderline l WHERE l.order_id = o.id
                AND l.sent_quantity + l.cancelled_quantity < l.quantity))
           OR (o.state IN ('delivered', 'settled') AND EXISTS (
                SELECT 1 FROM orders_shipment s WHERE s.order_id = o.id AND s.returning_id IS NULL
                AND s.claim_id IS NULL AND s.delivered_at IS NULL AND s.lost_at IS NULL))""",
    N_("nothing is settled with an open return or hold"): """
        SELECT o.number FROM orders_order o
        WHERE o.state = 'settled' AND EXISTS (SELECT 1 FROM orders_return r WHERE r.order_id = o.id
            AND r.state IN ('asked', 'accepted', 'posted', 'received', 'refused'))""",
    N_("a claim's state is what its moves led to"): """
        SELECT c.number, c.state, m.to_state FROM orders_faultclaim c
        JOIN LATERAL (SELECT to_state FROM orders_claimmove WHERE claim_id = c.id
                      ORDER BY id DESC LIMIT 1) m ON true
        WHERE m.to_state <> c.state""",
    N_("goods are repaired or returned, never both"): """
        SELECT c.number FROM orders_faultclaim c JOIN orders_returnline r ON r.line_id = c.line_id
        WHERE r.is_open AND c.state NOT IN ('done', 'refunded', 'closed')""",
    N_("an open claim has a clock"): """
        SELECT c.number, c.state FROM orders_faultclaim c
        WHERE c.state NOT IN ('done', 'refunded', 'closed') AND NOT EXISTS (
            SELECT 1 FROM deadlines_deadline d WHERE d.state IN ('open', 'paused')
              AND d.reference IN (SELECT c.id
                                  UNION SELECT s.id FROM orders_shipment s WHERE s.claim_id = c.id))""",
    N_("only open returns keep their goods"): """
        SELECT r.number, r.state FROM orders_return r JOIN orders_returnline l ON l.returning_id = r.id
        WHERE l.is_open <> (r.state NOT IN ('refunded', 'closed'))""",
    N_("invoices less credit notes are what was paid less what went back"): """
        SELECT o.number, o.total_minor - o.refunded_minor - i.apart_minor, p.minor
        FROM orders_invoice i JOIN orders_order o ON o.id = i.order_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(CASE kind WHEN 'invoice' THEN amount_minor
                ELSE -amount_minor END), 0) AS minor
            FROM orders_invoicepaper WHERE invoice_id = i.id) p
        WHERE i.state IN ('asked', 'issued')
          AND p.minor <> o.total_minor - o.refunded_minor - i.apart_minor""",
    N_("an issued invoice is the sum of its rows"): """
        SELECT p.number, p.amount_minor, coalesce(sum(r.gross_minor), 0)
        FROM orders_invoicepaper p LEFT JOIN orders_invoicerow r ON r.paper_id = p.id
        WHERE p.state = 'issued'
        GROUP BY p.id HAVING coalesce(sum(r.gross_minor), 0) <> p.amount_minor""",
    N_("an invoice that is due has a clock, or was late"): """
        SELECT o.number, p.id FROM orders_invoicepaper p
        JOIN orders_invoice i ON i.id = p.invoice_id JOIN orders_order o ON o.id = i.order_id
        WHERE p.state = 'due' AND p.late_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM deadlines_deadline d WHERE d.reference = p.id AND d.kind = 'invoices.paper')""",
    N_("import tax is set apart for what is settled and not given back"): """
        WITH stated AS (
            SELECT o.id, o.number, sum((l.tax ->> 'amount_minor')::bigint)
                * (o.total_minor - o.refunded_minor) / o.total_minor AS minor
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            WHERE o.settled_at IS NOT NULL AND o.total_minor > 0 AND l.tax ->> 'standing' = 'in_price'
            GROUP BY o.id),
        apart AS (
            SELECT e.reference, sum(p.amount_minor) AS minor FROM payments_posting p
            JOIN payments_ledgerentry e ON e.id = p.entry_id WHERE p.account LIKE 'tax:%'
            GROUP BY e.reference)
        SELECT s.number, s.minor, a.minor FROM stated s FULL JOIN apart a ON a.reference = s.id
        WHERE coalesce(floor(s.minor), 0) <> coalesce(a.minor, 0)""",
    N_("an order in progress has a clock"): """
        SELECT o.number, o.state FROM orders_order o
        WHERE o.state IN ('awaiting_payment', 'reserved', 'paid', 'shipped', 'delivered')
          AND NOT EXISTS (SELECT 1 FROM orders_orderhold h WHERE h.order_id = o.id AND h.lifted_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM orders_return r WHERE r.order_id = o.id
              AND r.state IN ('asked', 'accepted', 'posted', 'received', 'refused'))
          AND NOT EXISTS (SELECT 1 FROM orders_faultclaim c WHERE c.order_id = o.id
              AND c.state NOT IN ('done', 'refunded', 'closed'))
          AND NOT EXISTS (SELECT 1 FROM payments_providercall c
              JOIN payments_authorisation a ON a.id = c.reference AND a.payment_id = o.payment_id
              WHERE c.state = 'waiting')
          AND NOT EXISTS (SELECT 1 FROM deadlines_deadline d WHERE d.state IN ('open', 'paused')
              AND d.reference IN (SELECT o.id UNION SELECT o.purchase_id
                                  UNION SELECT a.id FROM payments_authorisation a
                                        WHERE a.payment_id = o.payment_id
                                  UNION SELECT s.id FROM orders_shipment s WHERE s.order_id = o.id))""",
    N_("a reserved order has its sum at a bank and nothing in escrow"): """
        SELECT o.number, p.state FROM orders_order o LEFT JOIN payments_payment p ON p.id = o.payment_id
        WHERE o.state = 'reserved' AND p.state IS DISTINCT FROM 'authorised' AND NOT EXISTS (
            SELECT 1 FROM outbox_message m WHERE m.handled_at IS NULL AND m.parked_at IS NULL
              AND m.name IN ('payments.PaymentCaptured', 'payments.PaymentReleased')
              AND m.payload->>'payment_id' = p.id::text)""",
    N_("nothing leaves before its shop has confirmed"): """
        SELECT o.number FROM orders_order o JOIN orders_shipment s ON s.order_id = o.id
        WHERE o.confirm_hours IS NOT NULL AND o.confirmed_at IS NULL""",
    **cover_invariants.RULES,
}


def offences(rule: str) -> list[Offence]:
    """The rows that break `rule`; none is right."""
    with connection.cursor() as cursor:
        cursor.execute(RULES[rule])
        return [Offence(rule, tuple(row)) for row in cursor.fetchall()]


def all_offences() -> list[Offence]:
    """Every rule's offending rows."""
    return [offence for rule in RULES for offence in offences(rule)]


def found() -> Iterator[tuple[str, list[Offence]]]:
    """(rule, the rows that break it), beside those of the money itself."""
    for rule in RULES:
        yield rule, offences(rule)
