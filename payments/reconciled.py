"""A provider's day beside ours, in sums to the cent: for the command and the staff's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum

from kernel.money import Money
from payments import reconciliation
from payments.models import Difference, ProviderStatement, StatementRow

# (kind, currency) → how many, their sum and their fee in minor units.
Sides = dict[tuple[str, str], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class SumLine:
    """All of one kind in one currency on the day."""

    kind: str
    theirs_count: int
    theirs: Money
    fee: Money
    ours_count: int
    ours: Money

    @property
    def gap(self) -> Money:
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class Day:
    """One provider's day; `statement` None: it was never asked for."""

    provider: str
    day: date
    statement: ProviderStatement | None
    sums: list[SumLine]
    differences: list[Difference]

    @property
    def state(self) -> str:
        return self.statement.state if self.statement else "not_asked"

    @property
    def open(self) -> list[Difference]:
        return [one for one in self.differences if one.state == "open"]

    def as_json(self) -> dict[str, Any]:
        """For machines: sums in whole minor units; open differences only."""
        return {
            "provider": self.provider,
            "state": self.state,
            "lines": self.statement.line_count if self.statement else 0,
            "sha256": self.statement.sha256 if self.statement else "",
            "sums": [_plain(one) for one in self.sums],
            "differences": [
                {
                    "what": one.what,
                    "kind": one.kind,
                    "key": one.key,
                    "theirs_minor": one.theirs_minor,
                    "ours_minor": one.ours_minor,
                    "currency": one.currency,
                    "detail": one.detail,
                }
                for one in self.open
            ],
        }


def day_of(provider: str, day: date, *, at: datetime) -> Day:
    """Compare the day once more, and say what stands on both sides."""
    reconciliation.compare(provider=provider, day=day, at=at)
    return seen(provider, day)


def seen(provider: str, day: date) -> Day:
    """What stands there, without comparing."""
    statement = ProviderStatement.objects.filter(provider=provider, day=day).first()
    found = list(Difference.objects.filter(provider=provider, day=day).order_by("found_at", "id"))
    return Day(provider, day, statement, _sums(provider, day, statement), found)


def _sums(provider: str, day: date, statement: ProviderStatement | None) -> list[SumLine]:
    rows = StatementRow.objects.filter(statement=statement).values("kind", "currency")
    counted = rows.annotate(count=Count("id"), minor=Sum("amount_minor"), fee=Sum("fee_minor"))
    theirs: Sides = {
        (row["kind"], row["currency"]): (row["count"], int(row["minor"]), int(row["fee"])) for row in counted
    }
    ours = _ours(provider, day)
    lines = []
    for kind, currency in sorted(theirs.keys() | ours.keys()):
        there, minor, fee = theirs.get((kind, currency), (0, 0, 0))
        here, own, _ = ours.get((kind, currency), (0, 0, 0))
        sums = [Money(each, currency) for each in (minor, fee, own)]
        lines.append(SumLine(kind, there, sums[0], sums[1], here, sums[2]))
    return lines


def _ours(provider: str, day: date) -> Sides:
    charges = reconciliation.charges_of(provider, day).order_by().values("currency")
    refunds = reconciliation.refunds_of(provider, day).order_by().values("currency")
    payouts = reconciliation.payouts_of(provider, day).order_by().values("currency")
    # A provider lists what goes to buyers on top of their price like what goes to shops.
    awards = reconciliation.awards_of(provider, day).order_by().values("currency")
    sides: Sides = {}
    for kind, rows, sign in (
        ("charge", charges, 1),
        ("refund", refunds, -1),
        ("payout", payouts, -1),
        ("payout", awards, -1),
    ):
        for row in rows.annotate(count=Count("id"), minor=Sum("amount_minor")):
            count, minor, _fee = sides.get((kind, row["currency"]), (0, 0, 0))
            sides[kind, row["currency"]] = (count + row["count"], minor + sign * int(row["minor"]), 0)
    return sides


def _plain(one: SumLine) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "currency": one.theirs.currency,
        "theirs": [one.theirs_count, one.theirs.minor],
        "ours": [one.ours_count, one.ours.minor],
        "fee_minor": one.fee.minor,
        "gap_minor": one.gap.minor,
    }
