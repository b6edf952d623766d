"""Every rule of the money checked over a large ledger, against one plain pass over the same postings."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from bench.measuring import Figure, Round, compare, timed
from bench.stalls import tidy
from kernel import clock
from payments import invariants
from payments.models import Posting
from privacy.subjects import create_subject

# A payment for one order: captured into escrow, released to its shop less the fee.
POSTINGS_EACH, BATCH = 5, 10_000
TABLES = (
    "payments_payment",
    "payments_paymentpart",
    "payments_charge",
    "payments_ledgerentry",
    "payments_posting",
)

# The database's own rules stand meanwhile: what doesn't balance isn't taken.
INSERT = """
WITH made AS MATERIALIZED (
    SELECT gen_random_uuid() AS payment, gen_random_uuid() AS reference, gen_random_uuid() AS captured,
        gen_random_uuid() AS released, md5('bench' || n %% 500)::uuid AS shop, 1000 + n %% 9000 AS minor,
        50 + n %% 9 AS fee, n
    FROM generate_series(%(first)s, %(last)s) AS n
), payments AS (
    INSERT INTO payments_payment (id, number, payer_subject_id, state, amount_minor, currency, provider,
        opened_at, expires_at, captured_at)
    SELECT payment, 'B' || n, %(subject)s, 'captured', minor, 'CNY', 'sandbox', %(at)s::timestamptz,
        %(at)s::timestamptz, %(at)s::timestamptz FROM made
), parts AS (
    INSERT INTO payments_paymentpart (id, payment_id, position, reference, merchant_id, amount_minor,
        currency)
    SELECT gen_random_uuid(), payment, 1, reference, shop, minor, 'CNY' FROM made
), charges AS (
    INSERT INTO payments_charge (id, payment_id, provider, provider_charge_id, amount_minor, currency, extra,
        taken_at)
    SELECT gen_random_uuid(), payment, 'sandbox', 'bench-' || payment, minor, 'CNY', false,
        %(at)s::timestamptz FROM made
), entries AS (
    INSERT INTO payments_ledgerentry (id, reference, purpose, occurred_at, actor)
    SELECT captured, payment, 'capture', %(at)s::timestamptz, 'system' FROM made
    UNION ALL SELECT released, reference, 'release', %(at)s::timestamptz, 'system' FROM made
)
INSERT INTO payments_posting (id, entry_id, account, amount_minor, currency)
SELECT gen_random_uuid(), entry, account, amount, 'CNY' FROM made CROSS JOIN LATERAL (VALUES
    (captured, 'provider:sandbox', -minor), (captured, 'escrow:' || reference, minor),
    (released, 'escrow:' || reference, -minor), (released, 'merchant:' || shop || ':available', minor - fee),
    (released, 'fees:platform', fee)) AS moved (entry, account, amount)
"""
FLOOR = """
SELECT account, currency, sum(amount_minor) FROM payments_posting GROUP BY 1, 2 HAVING sum(amount_minor) < -1
"""


def ledger(*, rounds: int, postings: int = 100_000) -> Figure:
    """Up to `postings` rows; then every rule of `payments.invariants`, which must find nothing."""
    fill(postings)
    tidy(*TABLES)
    by_rule: dict[str, float] = {}
    figure = compare("ledger", _rules(by_rule), _pass, rounds=rounds, postings=Posting.objects.count())
    slowest = sorted(by_rule, key=lambda rule: -by_rule[rule])[:3]
    figure.facts["rules"] = len(invariants.RULES)
    figure.facts["seconds"] = round(figure.ours.p50_ms / 1000, 2)
    figure.facts["slowest_ms"] = {rule: round(by_rule[rule] * 1000) for rule in slowest}
    return figure


def fill(postings: int) -> None:
    """Whole payments until there are about so many; batch by batch, so that no commit grows large."""
    held = Posting.objects.count()
    missing = max(0, postings - held) // POSTINGS_EACH
    if not missing:
        return
    at = clock.now()
    subject = create_subject(locale="zh-hans", at=at).pk
    # Numbers of an earlier filling are never used again.
    start = held + 1
    for first in range(start, start + missing, BATCH):
        last = min(first + BATCH, start + missing) - 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, {"first": first, "last": last, "subject": subject, "at": at})


def _rules(by_rule: dict[str, float]) -> Round:
    def go() -> Iterator[float]:
        whole = 0.0
        for rule in invariants.RULES:
            found: list[invariants.Offence] = []
            took = timed(lambda rule=rule, found=found: found.extend(invariants.offences(rule)))  # type: ignore[misc]
            if found:
                raise RuntimeError(f"{rule}: {len(found)} offences")
            by_rule[rule] = max(took, by_rule.get(rule, 0.0))
            whole += took
        yield whole

    return go


def _pass() -> Iterator[float]:
    def once() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR)
            cursor.fetchall()

    yield timed(once)
