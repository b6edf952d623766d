"""How long before each kind of deadline its two letters go out: a policy of the platform's."""

from __future__ import annotations

from datetime import datetime, timedelta

from law.counting import Length, Unit
from rulebook import policies

POLICY = "letters.before"
SPANS = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}


def before(kind: str, at: datetime) -> tuple[timedelta, timedelta] | None:
    """The two spans, the longer first; None for a kind without letters, and before there was the policy.

    A room may have a table of its own, "letters.before.<room>", which goes first.
    """
    for name in (f"{POLICY}.{kind.partition('.')[0]}", POLICY):
        try:
            row = policies.value(name, at).get(kind)
        except policies.PolicyUnknown:
            continue
        if row:
            return _span(row["first"]), _span(row["second"])
    return None


def _span(length: dict[str, object]) -> timedelta:
    counted = Length(length["n"], str(length["unit"]))  # type: ignore[arg-type]
    return SPANS[counted.unit] * counted.n
