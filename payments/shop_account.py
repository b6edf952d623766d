"""What came onto a shop's account and left it: each posting of a span, between two sums that it explains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from kernel.money import Money
from payments import accounts
from payments.models import Posting
from web import tenancy


@dataclass(frozen=True, slots=True)
class AccountLine:
    """`amount` came (above zero) or left (below) for `reference`: an order, payout or case."""

    id: UUID
    at: datetime
    reference: UUID
    purpose: str
    amount: Money


@dataclass(frozen=True, slots=True)
class AccountSpan:
    """`opening` + the sum of all lines of the span = `closing`; `came` + `left` is that sum."""

    opening: Money
    closing: Money
    came: Money
    left: Money
    count: int


def span_of(merchant_id: UUID, *, first: datetime, last: datetime, currency: str = "CNY") -> AccountSpan:
    """The sums of what may be paid out, before `first` and before `last`; in one statement each."""
    with tenancy.widened():
        mine = Posting.objects.filter(account=accounts.available(merchant_id), currency=currency)
        opening = _sum(mine.filter(entry__occurred_at__lt=first))
        inside = mine.filter(entry__occurred_at__gte=first, entry__occurred_at__lt=last)
        came = _sum(inside.filter(amount_minor__gt=0))
        left = _sum(inside.filter(amount_minor__lt=0))
        count = inside.count()
    return AccountSpan(
        opening=Money(opening, currency),
        closing=Money(opening + came + left, currency),
        came=Money(came, currency),
        left=Money(left, currency),
        count=count,
    )


def lines_of(
    merchant_id: UUID, *, first: datetime, last: datetime, part: slice, currency: str = "CNY"
) -> list[AccountLine]:
    """A part of the span's postings, in the order in which they happened."""
    with tenancy.widened():
        rows = (
            Posting.objects.filter(account=accounts.available(merchant_id), currency=currency)
            .filter(entry__occurred_at__gte=first, entry__occurred_at__lt=last)
            .select_related("entry")
            .order_by("entry__occurred_at", "id")[part]
        )
        return [_line(row) for row in rows]


def _line(row: Posting) -> AccountLine:
    entry = row.entry
    return AccountLine(row.pk, entry.occurred_at, entry.reference, entry.purpose, row.amount)


def _sum(rows: object) -> int:
    return int(rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0)  # type: ignore[attr-defined]


def references(lines: Iterable[AccountLine]) -> set[UUID]:
    return {line.reference for line in lines}
