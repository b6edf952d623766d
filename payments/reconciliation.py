"""Comparing a provider's day with ours, line by line; thin until staff have a queue for the differences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from kernel.money import Money
from payments.gateways import registry
from payments.gateways.protocol import Post, Request, StatementLine, refund_key
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

    :raises Unclear: when the provider gives no statement
    :raises TurnedDown: when it says that it won't
    """
    theirs = {(line.kind, line.key): line.amount for line in _theirs(provider, day, post=post, at=at)}
    ours = {(line.kind, line.key): line.amount for line in _ours(provider, day)}
    return [
        Difference(kind, key, theirs.get((kind, key)), ours.get((kind, key)))
        for kind, key in sorted(theirs.keys() | ours.keys())
        if theirs.get((kind, key)) != ours.get((kind, key))
    ]


def _theirs(provider: str, day: date, *, post: Post, at: datetime) -> list[StatementLine]:
    """The provider's day, part by part."""
    gateway, found = registry.gateway(provider), list[StatementLine]()
    request: Request | None = gateway.statement_request(day, at=at)
    while request is not None:
        part = gateway.read_statement(post(replace(request, provider=provider)), at=at)
        found += part.lines
        request = part.rest
    return found


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
