"""What must always be true of covers and their money, as queries that find no rows (tests, nightly)."""

from __future__ import annotations

from kernel.errors import N_

RULES: dict[str, str] = {
    N_("a cover's escrow holds its premium until the risk begins, and what its insurer owes"): """
        SELECT c.number, c.state, coalesce(e.minor, 0) FROM orders_ordercover c
        LEFT JOIN (SELECT account, sum(amount_minor) AS minor FROM payments_posting
            WHERE account LIKE 'escrow:%' GROUP BY account) e ON e.account = 'escrow:' || c.id
        LEFT JOIN (SELECT reference, sum(amount_minor) AS minor FROM payments_refund
            WHERE state <> 'failed' GROUP BY reference) r ON r.reference = c.id
        LEFT JOIN (SELECT s.reference, sum(CASE d.state WHEN 'lost' THEN s.amount_minor
                    ELSE s.from_escrow_minor END) AS minor
            FROM payments_disputeshare s JOIN payments_dispute d ON d.id = s.dispute_id
            WHERE d.state <> 'won' GROUP BY s.reference) p ON p.reference = c.id
        LEFT JOIN (SELECT cover_id, sum(beside_minor) AS minor FROM orders_coverclaim
            WHERE state = 'accepted' GROUP BY cover_id) w ON w.cover_id = c.id
        WHERE coalesce(e.minor, 0) <> coalesce(w.minor, 0)
            + CASE WHEN c.state <> 'running' AND EXISTS (SELECT 1 FROM payments_paymentpart t
                    JOIN payments_payment y ON y.id = t.payment_id
                    WHERE t.reference = c.id AND y.state = 'captured')
                THEN c.premium_minor - coalesce(r.minor, 0) - coalesce(p.minor, 0) ELSE 0 END""",
    N_("an insurer's account is its premiums less what it has paid"): """
        SELECT account, sum(minor) FROM (
            SELECT account, amount_minor AS minor FROM payments_posting WHERE account LIKE 'insurer:%'
            UNION ALL
            SELECT 'insurer:' || insurer, -premium_minor FROM orders_ordercover WHERE state = 'running'
            UNION ALL
            SELECT 'insurer:' || c.insurer,
                k.paid_goods_minor + CASE k.state WHEN 'accepted' THEN k.beside_minor ELSE 0 END
                FROM orders_coverclaim k JOIN orders_ordercover c ON c.id = k.cover_id
        ) both_sides GROUP BY account HAVING sum(minor) <> 0""",
    N_("a cover is paid for exactly when a payment has its part"): """
        SELECT c.number, c.state FROM orders_ordercover c
        LEFT JOIN payments_paymentpart t ON t.reference = c.id AND t.kind = 'cover'
        WHERE t.id IS NULL OR t.amount_minor <> c.premium_minor OR t.currency <> c.currency""",
    N_("a claim that waits for its insurer has its clock"): """
        SELECT k.number FROM orders_coverclaim k WHERE k.state = 'asked' AND NOT EXISTS (
            SELECT 1 FROM deadlines_deadline d WHERE d.reference = k.id AND d.kind = 'covers.answer')""",
    N_("an insurer was told of every cover that began and every claim"): """
        SELECT c.number FROM orders_ordercover c WHERE c.state = 'running' AND NOT EXISTS (
            SELECT 1 FROM orders_insurercall i WHERE i.cover_id = c.id AND i.claim_id IS NULL)
        UNION ALL
        SELECT k.number FROM orders_coverclaim k WHERE NOT EXISTS (
            SELECT 1 FROM orders_insurercall i WHERE i.claim_id = k.id)""",
    N_("what is claimed on a cover stays within its limit"): """
        SELECT c.number FROM orders_ordercover c JOIN orders_coverclaim k ON k.cover_id = c.id
        WHERE k.state IN ('asked', 'accepted', 'paid')
        GROUP BY c.id HAVING sum(k.goods_minor + k.beside_minor) > c.limit_minor""",
}
