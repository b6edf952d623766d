"""Comparing a provider's day with ours, line by line; thin until staff have a queue for the differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kernel.money import Money
from payments.gateways import registry
from payments.gateways.protocol import Post, StatementLine, refund_key
from payments.lifecycle import RefundState
from payments.models import Charge, Refund


@dataclass(frozen=True, slots=True)
class Difference:
    """`theirs` and `ours` for one charge or refund; None: that side doesn't have it (that day)."""

    kind: str
    key: str
    theirs: Money | None
    ours: Money | None


def differences(*, provider: str, day: date, post: Post, at: datetime) -> list[Difference]:
    """What `provider` reports for the UTC day and we don't, the reverse, and what differs in amount.

    :raises ValueError: when the provider gives no statement
    """
    gateway = registry.gateway(provider)
    answer = post(gateway.statement_request(day, at=at))
    theirs = {(line.kind, line.key): line.amount for line in gateway.read_statement(answer)}
    ours = {(line.kind, line.key): line.amount for line in _ours(provider, day)}
    return [
        Difference(kind, key, theirs.get((kind, key)), ours.get((kind, key)))
        for kind, key in sorted(theirs.keys() | ours.keys())
        if theirs.get((kind, key)) != ours.get((kind, key))
    ]


def _ours(provider: str, day: date) -> list[StatementLine]:
    start = datetime.combine(day, time(), UTC)
    span = (start, start + timedelta(days=1))
    charges = Charge.objects.filter(provider=provider, taken_at__gte=span[0], taken_at__lt=span[1])
    refunds = Refund.objects.filter(
        charge__provider=provider,
        state=RefundState.PAID,
        settled_at__gte=span[0],
        settled_at__lt=span[1],
    )
    lines = [StatementLine("charge", charge.provider_charge_id, charge.amount) for charge in charges]
    return lines + [StatementLine("refund", refund_key(refund.pk), -refund.amount) for refund in refunds]
