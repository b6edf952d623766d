"""What providers kept for their work: booked once per statement, borne by the platform.

A dispute's fee is among them; no rule of ours passes it on to a merchant, least of all for a dispute it won.
"""

from __future__ import annotations

from collections import defaultdict

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.ledger import Line
from payments.models import ProviderStatement, StatementRow


def book(held: ProviderStatement) -> None:
    """Book the fees of a statement that was just read, each currency by itself; once, with its reading.

    A fee below zero is one that the provider gave back.
    """
    assert held.read_at is not None, "only what was read has fees"
    sums: defaultdict[str, int] = defaultdict(int)
    rows = StatementRow.objects.filter(statement=held).exclude(fee_minor=0)
    for currency, minor in rows.values_list("currency", "fee_minor"):
        sums[currency] += minor
    lines = [
        line
        for currency, minor in sorted(sums.items())
        if minor
        for line in (
            Line(accounts.CHARGES, Money(-minor, currency)),
            # What it kept never reached us: the way through it is shorter by that.
            Line(accounts.provider(held.provider), Money(minor, currency)),
        )
    ]
    if lines:
        ledger.post(
            reference=held.pk,
            purpose="fees",
            lines=lines,
            actor=Actor.provider(held.provider),
            at=held.read_at,
        )
