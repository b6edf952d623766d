"""What one right is made of, and what all of them are worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from law.calendars import Calendar
from law.returns import ListingFacts
from law.rules import Pack, Rule, Stamp
from law.windows import Window, window_of

ESCROW = "promise.escrow"


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence as a code with parameters; `texts` holds it ready where the pack itself words it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Right:
    """One right. `why_not` beside `applies` True is a limit on it, beside False the reason it is absent."""

    id: str
    rule_id: str
    stamp: Stamp
    applies: bool
    can_do: Say
    until: Say
    cost: Say
    source: Say
    why_not: Say | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a single right is worked out from."""

    pack: Pack
    calendar: Calendar
    facts: ListingFacts
    at: datetime
    delivered_at: datetime | None
    domestic: bool

    def rule(self, role: str) -> Rule | None:
        """The rule in force that fills the role; None where this law knows no such right."""
        rule_id = self.pack.roles.get(role)
        return self.pack.rule(rule_id, self.at) if rule_id else None

    def stamp(self, rule: Rule) -> Stamp:
        """Whether home law binds a seller abroad is contested: there it is shown as a promise."""
        return rule.stamp if self.domestic else Stamp.PROMISE


def source(rule: Rule) -> Say:
    params = {"rule": rule.id, "article": rule.article, "number": rule.instrument.number}
    names = {locale: rule.instrument.name(locale) for locale in ("zh-hans", "zh-hant", "en")}
    return Say("source.law", params, names)


def until(window: Window | None, rule: Rule) -> Say:
    if window is not None:
        return Say("until.day", {"day": window.last_day, "provisional": window.provisional})
    days = rule.length.n if rule.length else 0
    return Say("until.days_after_receipt", {"days": days})


def escrow() -> Right:
    return Right(
        id="escrow",
        rule_id=ESCROW,
        stamp=Stamp.PROMISE,
        applies=True,
        can_do=Say("escrow.can_do"),
        until=Say("until.settlement"),
        cost=Say("cost.nothing"),
        source=Say("source.platform", {"rule": ESCROW}),
    )


def sent_back(case: Case, role: str, *, name: str, can_do: str) -> Right | None:
    """What isn't as it should be goes back within the days of the rule for `role`; None without one."""
    rule = case.rule(role)
    if rule is None:
        return None
    window = None
    if case.delivered_at is not None:
        window = window_of(rule=rule, pack=case.pack, calendar=case.calendar, start=case.delivered_at)
    return Right(
        id=name,
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=True,
        can_do=Say(can_do),
        until=until(window, rule),
        cost=Say(f"cost.return_freight.{rule.payer or 'trader'}"),
        source=source(rule),
        window=window,
    )
