"""What must always be true of the money, as queries that find no rows; for tests and every night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Offence:
    """A rule, and a row that breaks it."""

    rule: str
    row: tuple[Any, ...]


RULES: dict[str, str] = {
    N_("every entry sums to nothing in each currency"): """
        SELECT entry_id, currency, sum(amount_minor) FROM payments_posting
        GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0""",
    N_("every entry has postings"): """
        SELECT e.id, e.purpose FROM payments_ledgerentry e
        WHERE NOT EXISTS (SELECT 1 FROM payments_posting p WHERE p.entry_id = e.id)""",
    N_("the ledger sums to nothing in each currency"): """
        SELECT currency, sum(amount_minor) FROM payments_posting
        GROUP BY currency HAVING sum(amount_minor) <> 0""",
    N_("held money is never below zero"): """
        WITH below AS MATERIALIZED (
            SELECT account, currency, sum(amount_minor) AS minor FROM payments_posting
            GROUP BY account, currency HAVING sum(amount_minor) < 0)
        SELECT account, currency, minor FROM below WHERE account !~ '^(provider|fees|insurer|fx):|:debt$'""",
    N_("refunded and disputed never exceed captured, per charge"): """
        SELECT c.id, c.amount_minor, sum(gone.minor) FROM payments_charge c JOIN (
            SELECT charge_id, amount_minor AS minor FROM payments_refund WHERE state <> 'failed'
            UNION ALL
            SELECT d.charge_id, s.amount_minor FROM payments_disputeshare s
                JOIN payments_dispute d ON d.id = s.dispute_id WHERE d.state <> 'won'
        ) gone ON gone.charge_id = c.id
        GROUP BY c.id, c.amount_minor HAVING sum(gone.minor) > c.amount_minor""",
    N_("refunded and disputed never exceed captured, per order"): """
        SELECT p.id, p.amount_minor, sum(gone.minor) FROM payments_paymentpart p JOIN (
            SELECT part_id, amount_minor AS minor FROM payments_refund WHERE state <> 'failed'
            UNION ALL
            SELECT s.part_id, s.amount_minor FROM payments_disputeshare s
                JOIN payments_dispute d ON d.id = s.dispute_id WHERE d.state <> 'won'
        ) gone ON gone.part_id = p.id
        GROUP BY p.id, p.amount_minor HAVING sum(gone.minor) > p.amount_minor""",
    N_("what waits apart is what running disputes hold"): """
        SELECT account, currency, sum(minor) FROM (
            SELECT account, currency, amount_minor AS minor FROM payments_posting
                WHERE account LIKE 'dispute:%'
            UNION ALL
            SELECT 'dispute:' || d.id, s.currency, -(s.from_escrow_minor + s.from_merchant_minor)
                FROM payments_disputeshare s JOIN payments_dispute d ON d.id = s.dispute_id
                WHERE d.state NOT IN ('won', 'lost')
        ) both_sides GROUP BY account, currency HAVING sum(minor) <> 0""",
    N_("no merchant's debt is above zero"): """
        SELECT account, currency, sum(amount_minor) FROM payments_posting WHERE account LIKE '%:debt'
        GROUP BY account, currency HAVING sum(amount_minor) > 0""",
    N_("what merchants owe is what the fund may claim"): """
        SELECT currency, sum(amount_minor) FROM payments_posting
        WHERE account LIKE '%:debt' OR account = 'fund:claims'
        GROUP BY currency HAVING sum(amount_minor) <> 0""",
    N_("the parts of a payment sum to its amount"): """
        SELECT y.id, y.amount_minor, coalesce(sum(p.amount_minor), 0) FROM payments_payment y
        LEFT JOIN payments_paymentpart p ON p.payment_id = y.id AND p.currency = y.currency
        GROUP BY y.id, y.amount_minor HAVING coalesce(sum(p.amount_minor), 0) <> y.amount_minor""",
    N_("a payment is captured exactly when it has its charge and its entry"): """
        SELECT y.id, y.state FROM payments_payment y
        WHERE (y.state = 'captured') <> (y.amount_minor = y.tendered_minor OR EXISTS (
                SELECT 1 FROM payments_charge c WHERE c.payment_id = y.id AND NOT c.extra
                AND c.amount_minor = y.amount_minor - y.tendered_minor - y.released_minor
                AND c.currency = y.currency))
           OR (y.state = 'captured') <> EXISTS (
                SELECT 1 FROM payments_ledgerentry e WHERE e.reference = y.id AND e.purpose = 'capture')""",
    N_("what is reserved is in no book, and no more is taken of it"): """
        SELECT a.id, a.state FROM payments_authorisation a JOIN payments_payment y ON y.id = a.payment_id
        WHERE (a.state = 'captured' AND NOT EXISTS (SELECT 1 FROM payments_charge c
                WHERE c.payment_id = a.payment_id AND NOT c.extra AND c.amount_minor = a.capture_minor))
           OR (a.state IN ('held', 'capturing')) AND (y.state <> 'authorised' OR EXISTS (
                SELECT 1 FROM payments_ledgerentry e WHERE e.reference = y.id))""",
    # Providers take here what the order is in (registry.offered): so nothing is exchanged (decision 0175).
    N_("a payment is in one currency, and goes back in it"): """
        SELECT y.number, o.currency FROM payments_payment y JOIN (
            SELECT payment_id, currency FROM payments_paymentpart
            UNION ALL SELECT payment_id, currency FROM payments_charge
            UNION ALL SELECT p.payment_id, r.currency FROM payments_refund r
                JOIN payments_paymentpart p ON p.id = r.part_id
            UNION ALL SELECT c.payment_id, r.currency FROM payments_refund r
                JOIN payments_charge c ON c.id = r.charge_id
            UNION ALL SELECT p.payment_id, s.currency FROM payments_disputeshare s
                JOIN payments_paymentpart p ON p.id = s.part_id
        ) o ON o.payment_id = y.id WHERE o.currency <> y.currency""",
    N_("no sum was exchanged, so no difference is booked"): """
        SELECT currency, sum(amount_minor) FROM payments_posting WHERE account = 'fx:difference'
        GROUP BY currency""",
    N_("what was let go of a payment is what was let go of its parts"): """
        SELECT y.number, y.released_minor, sum(p.released_minor) FROM payments_payment y
        JOIN payments_paymentpart p ON p.payment_id = y.id WHERE y.authorise_first
        GROUP BY y.id HAVING sum(p.released_minor) <> y.released_minor""",
    N_("a refund has its entry, and its reversal exactly when it failed"): """
        SELECT r.id, r.state FROM payments_refund r
        WHERE NOT EXISTS (SELECT 1 FROM payments_ledgerentry e
                WHERE e.reference = r.reference AND e.purpose = 'refund:' || r.purpose)
           OR (r.tender_id IS NULL AND (r.state = 'failed') <> EXISTS (SELECT 1 FROM payments_ledgerentry e
                WHERE e.reference = r.reference AND e.purpose = 'refund_failed:' || r.purpose))""",
    N_("what a reserve holds is what its shares say"): """
        SELECT account, currency, sum(minor) FROM (
            SELECT account, currency, amount_minor AS minor FROM payments_posting
                WHERE account LIKE 'merchant:%:reserve'
            UNION ALL
            SELECT 'merchant:' || merchant_id || ':reserve', currency, -left_minor
                FROM payments_reserveshare WHERE left_minor > 0
        ) both_sides GROUP BY account, currency HAVING sum(minor) <> 0""",
    N_("what a deposit lacks is called for, unless its shop has left"): """
        SELECT d.merchant_id, d.currency, d.required_minor, coalesce(sum(p.amount_minor), 0)
        FROM payments_deposit d LEFT JOIN payments_posting p
            ON p.account = 'merchant:' || d.merchant_id || ':deposit' AND p.currency = d.currency
        WHERE d.leaving_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM payments_depositcall c WHERE c.deposit_id = d.id AND c.ended_at IS NULL)
        GROUP BY d.id HAVING coalesce(sum(p.amount_minor), 0) < d.required_minor""",
    N_("new goods wait exactly while a deposit is overdue"): """
        SELECT m.id FROM merchants_merchant m WHERE m.deposit_short <> EXISTS (
            SELECT 1 FROM payments_deposit d JOIN payments_depositcall c ON c.deposit_id = d.id
            WHERE d.merchant_id = m.id AND c.ended_at IS NULL AND c.overdue_at IS NOT NULL)""",
    N_("a payout has its entry exactly when it left, and its reversal when it failed"): """
        SELECT p.id, p.state FROM payments_payout p
        WHERE (p.state NOT IN ('held', 'dropped')) <> EXISTS (SELECT 1 FROM payments_ledgerentry e
                WHERE e.reference = p.id AND e.purpose = 'payout')
           OR (p.state = 'failed') <> EXISTS (SELECT 1 FROM payments_ledgerentry e
                WHERE e.reference = p.id AND e.purpose = 'payout_failed')""",
    N_("what was gathered for a compensation waits on its account until it leaves"): """
        SELECT a.id, a.state, a.amount_minor, coalesce(sum(p.amount_minor), 0) FROM payments_award a
        LEFT JOIN payments_posting p ON p.account = 'award:' || a.id AND p.currency = a.currency
        GROUP BY a.id HAVING coalesce(sum(p.amount_minor), 0)
            <> CASE WHEN a.state = 'held' THEN a.amount_minor ELSE 0 END""",
    N_("who gave to a compensation is who its entry took from"): """
        SELECT a.id, a.balance_minor, a.reserve_minor, a.deposit_minor, a.fund_minor FROM payments_award a
        LEFT JOIN payments_ledgerentry e ON e.reference = a.id AND e.purpose = 'award'
        LEFT JOIN payments_posting p ON p.entry_id = e.id
        GROUP BY a.id HAVING
            coalesce(sum(-p.amount_minor) FILTER (WHERE p.account LIKE '%:available'), 0) <> a.balance_minor
            OR coalesce(sum(-p.amount_minor) FILTER (WHERE p.account LIKE '%:reserve'), 0) <> a.reserve_minor
            OR coalesce(sum(-p.amount_minor) FILTER (WHERE p.account LIKE '%:deposit'), 0) <> a.deposit_minor
            OR coalesce(sum(-p.amount_minor) FILTER (WHERE p.account LIKE '%:debt'), 0) <> a.fund_minor""",
    N_("what gift cards and points paid of a payment is what it says"): """
        SELECT y.id, y.tendered_minor FROM payments_payment y
        WHERE y.tendered_minor <> (SELECT coalesce(sum(t.amount_minor), 0) FROM payments_tender t
            WHERE t.payment_id = y.id)""",
    N_("what gift cards and points are to pay waits apart while the payment is open"): """
        SELECT y.number, y.state, y.tendered_minor, coalesce(sum(p.amount_minor), 0)
        FROM payments_payment y LEFT JOIN payments_posting p ON p.account = 'suspense:' || y.id
        WHERE y.tendered_minor > 0 GROUP BY y.id
        HAVING coalesce(sum(p.amount_minor), 0)
            <> CASE WHEN y.state IN ('open', 'failed') THEN y.tendered_minor ELSE 0 END""",
    N_("a gift card holds between nothing and its value, and nothing while it isn't issued"): """
        SELECT c.id, c.state, coalesce(sum(p.amount_minor), 0) FROM payments_giftcard c
        LEFT JOIN payments_posting p ON p.account = 'card:' || c.id AND p.currency = c.currency
        GROUP BY c.id HAVING coalesce(sum(p.amount_minor), 0)
            NOT BETWEEN 0 AND CASE WHEN c.state = 'issued' THEN c.value_minor ELSE 0 END""",
    N_("points lie in lots that haven't ended"): """
        SELECT a.id, coalesce(sum(p.amount_minor), 0) FROM payments_pointsaccount a
        LEFT JOIN payments_posting p ON p.account = 'points:' || a.id
        GROUP BY a.id HAVING coalesce(sum(p.amount_minor), 0) NOT BETWEEN 0 AND (
            SELECT coalesce(sum(l.amount_minor - l.taken_minor), 0) FROM payments_pointslot l
            WHERE l.account_id = a.id AND l.ended_at IS NULL)""",
    N_("points are somebody's, and in yuan"): """
        SELECT p.account, p.currency FROM payments_posting p
        WHERE p.account LIKE 'points:%' AND (p.currency <> 'CNY' OR NOT EXISTS
            (SELECT 1 FROM payments_pointsaccount a WHERE p.account = 'points:' || a.id))""",
    N_("what was granted, taken back and ended in points is what the books say"): """
        SELECT l.id, l.amount_minor, l.taken_minor, l.expired_minor, coalesce(sum(p.amount_minor), 0)
        FROM payments_pointslot l
        LEFT JOIN payments_ledgerentry e ON e.reference = l.id
        LEFT JOIN payments_posting p ON p.entry_id = e.id AND p.account = 'points:' || l.account_id
        GROUP BY l.id HAVING coalesce(sum(p.amount_minor), 0)
            <> CASE WHEN l.kind = 'back' THEN 0 ELSE l.amount_minor END - l.taken_minor - l.expired_minor""",
    N_("a shop holds no points while it owes some back"): """
        SELECT l.account_id, l.amount_minor - l.taken_minor FROM payments_pointslot l
        WHERE l.revoked_at IS NOT NULL AND l.ended_at IS NULL AND EXISTS (SELECT 1 FROM payments_posting p
            WHERE p.account = 'points:' || l.account_id HAVING sum(p.amount_minor) > 0)""",
    N_("relief of fees is never more than the fee of its order"): """
        SELECT e.reference, p.account, p.amount_minor FROM payments_posting p
        JOIN payments_ledgerentry e ON e.id = p.entry_id
        WHERE p.account LIKE '%:relief' AND p.amount_minor < 0 AND NOT EXISTS (
            SELECT 1 FROM payments_ledgerentry s JOIN payments_posting f ON f.entry_id = s.id
            WHERE s.reference = e.reference AND s.purpose = 'settlement' AND f.account = 'fees:platform'
            AND f.currency = p.currency AND f.amount_minor >= -p.amount_minor)""",
    N_("points pay only for whom they belong to"): """
        SELECT t.id, t.account FROM payments_tender t JOIN payments_payment y ON y.id = t.payment_id
        WHERE t.account LIKE 'points:%' AND NOT EXISTS (SELECT 1 FROM payments_pointsaccount a
            WHERE t.account = 'points:' || a.id AND a.subject_id = y.payer_subject_id)""",
    N_("no gift card and no points get back more than they paid"): """
        SELECT t.account, t.amount_minor, sum(r.amount_minor) FROM payments_tender t
        JOIN payments_refund r ON r.tender_id = t.id AND r.state <> 'failed'
        GROUP BY t.id HAVING sum(r.amount_minor) > t.amount_minor""",
    N_("a difference is corrected exactly when its entry stands"): """
        SELECT d.id, d.state FROM payments_difference d
        WHERE (d.state = 'corrected') <> EXISTS (SELECT 1 FROM payments_ledgerentry e
            WHERE e.reference = d.id AND e.purpose = 'correction:' || coalesce(d.act_id::text, ''))""",
    N_("each provider's account is what it took less what it gave"): """
        WITH told AS (
            SELECT provider, currency, -sum(amount_minor) AS minor FROM payments_charge GROUP BY 1, 2
            UNION ALL
            SELECT c.provider, r.currency, sum(r.amount_minor) FROM payments_refund r
                JOIN payments_charge c ON c.id = r.charge_id WHERE r.state <> 'failed' GROUP BY 1, 2
            UNION ALL
            SELECT provider, currency, sum(amount_minor) FROM payments_payout
                WHERE state IN ('requested', 'sent', 'paid') GROUP BY 1, 2
            UNION ALL
            SELECT provider, currency, sum(amount_minor) FROM payments_award
                WHERE state IN ('requested', 'sent', 'paid') GROUP BY 1, 2
            UNION ALL
            SELECT d.provider, s.currency, sum(s.amount_minor) FROM payments_disputeshare s
                JOIN payments_dispute d ON d.id = s.dispute_id WHERE d.state = 'lost' GROUP BY 1, 2
            UNION ALL
            SELECT provider, currency, -sum(corrected_minor) FROM payments_difference
                WHERE corrected_minor IS NOT NULL GROUP BY 1, 2
            UNION ALL
            SELECT r.provider, r.currency, sum(r.fee_minor) FROM payments_statementrow r
                WHERE EXISTS (SELECT 1 FROM payments_ledgerentry e
                    WHERE e.reference = r.statement_id AND e.purpose = 'fees') GROUP BY 1, 2
            UNION ALL
            SELECT substr(account, 10), currency, -sum(amount_minor) FROM payments_posting
                WHERE account LIKE 'provider:%' GROUP BY 1, 2)
        SELECT provider, currency, sum(minor) FROM told GROUP BY 1, 2 HAVING sum(minor) <> 0""",
}


def offences(rule: str) -> list[Offence]:
    """The rows that break `rule`; none is right."""
    with connection.cursor() as cursor:
        cursor.execute(RULES[rule])
        return [Offence(rule, tuple(row)) for row in cursor.fetchall()]


def all_offences() -> list[Offence]:
    """Every rule's offending rows."""
    return [offence for rule in RULES for offence in offences(rule)]


def settle_constraints() -> None:
    """Fire the deferred rules now: inside a test's one transaction they would otherwise never run."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def found() -> Iterator[tuple[str, list[Offence]]]:
    """(rule, the rows that break it), for the nightly check, the command and the public page."""
    for rule in RULES:
        yield rule, offences(rule)


def report() -> Iterator[tuple[str, int]]:
    """(rule, how many rows break it), for a restore and the breakdown after it."""
    for rule, offending in found():
        yield rule, len(offending)
