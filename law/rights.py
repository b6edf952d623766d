"""A shopper's rights on an offer: what they can do, until when, at what cost, by which rule.

Sentences are codes with parameters; a higher floor says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from law.calendars import Calendar
from law.returns import PROMISED_DAYS, ListingFacts, ground_of, return_window
from law.rules import Exclusion, Exemption, Pack, Rule, Stamp
from law.windows import Window, window_of

__all__ = ["ListingFacts", "Right", "Say", "rights_for"]

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
class _Case:
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


def rights_for(
    *,
    pack: Pack,
    calendar: Calendar,
    facts: ListingFacts,
    buyer_place: str,
    seller_place: str,
    at: datetime,
    channel: str = "web",
    delivered_at: datetime | None = None,
) -> tuple[Right, ...]:
    """The rights of a buyer in `buyer_place`, in the order in which pages show them.

    `at` picks the wording in force; with `delivered_at` each window has its date. `channel` is taken
    for distance selling of every kind: web, live, phone and app give the same rights so far.
    """
    if pack.place != buyer_place:
        raise ValueError(f"the pack of {pack.place} can't say what a buyer in {buyer_place} may do")
    case = _Case(pack, calendar, facts, at, delivered_at, buyer_place == seller_place)
    made = (_no_reason(case), _escrow(), _quality(case), _guarantee(case), _fraud(case), _food(case))
    return tuple(right for right in made if right is not None)


def source(rule: Rule) -> Say:
    params = {"rule": rule.id, "article": rule.article, "number": rule.instrument.number}
    names = {locale: rule.instrument.name(locale) for locale in ("zh-hans", "zh-hant", "en")}
    return Say("source.law", params, names)


def _until(window: Window | None, rule: Rule) -> Say:
    if window is not None:
        return Say("until.day", {"day": window.last_day, "provisional": window.provisional})
    days = rule.length.n if rule.length else 0
    return Say("until.days_after_receipt", {"days": days})


def _no_reason(case: _Case) -> Right | None:
    rule = case.rule("return_window")
    if rule is None or rule.length is None:
        return _no_return(case)
    facts = case.facts
    promised = facts.promised_return_days > rule.length.n
    window = None
    if case.delivered_at is not None:
        window = return_window(
            pack=case.pack,
            calendar=case.calendar,
            delivered_at=case.delivered_at,
            at=case.at,
            promised_days=facts.promised_return_days,
        )
    payer = "trader" if facts.return_freight_promised else rule.payer or "consumer"
    days = facts.promised_return_days if promised else rule.length.n
    right = Right(
        id="no_reason_return",
        rule_id=PROMISED_DAYS if promised else rule.id,
        stamp=Stamp.PROMISE if promised else case.stamp(rule),
        applies=True,
        can_do=Say("return.can_do", {"days": days}),
        until=_until(window, rule) if window else Say("until.days_after_receipt", {"days": days}),
        cost=Say(f"cost.return_freight.{payer}"),
        source=Say("source.promise_over_law", source(rule).params, source(rule).texts)
        if promised
        else source(rule),
        window=window,
    )
    ground = ground_of(pack=case.pack, facts=facts, at=case.at)
    return _limited(right, ground, rule, case) if ground else right


def _no_return(case: _Case) -> Right | None:
    """Where the law gives no such right the page says so, with the rule that is cited for it."""
    rule = case.rule("no_return")
    if rule is None:
        return None
    return Right(
        id="no_reason_return",
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=False,
        can_do=Say("return.none_by_law"),
        until=Say("until.not_applicable"),
        cost=Say("cost.return_freight.consumer"),
        source=source(rule),
        why_not=Say("return.none_by_law"),
    )


def _limited(right: Right, ground: Exemption, rule: Rule, case: _Case) -> Right:
    """The right as the ground leaves it: gone, or open unless the buyer confirms at checkout."""
    why = Say(f"exclusion.{ground.code}", {}, ground.sentence)
    gone = ground.kind is Exclusion.NEVER or (ground.kind is Exclusion.CONFIRM and case.facts.confirmed)
    if not gone:
        code = (
            "return.can_do_unless_confirmed"
            if ground.kind is Exclusion.CONFIRM
            else "return.can_do_unless_opened"
        )
        return replace(right, can_do=Say(code, right.can_do.params), why_not=why)
    return replace(
        right,
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=False,
        can_do=Say("return.excluded"),
        until=Say("until.not_applicable"),
        source=source(rule),
        why_not=why,
        window=None,
    )


def _escrow() -> Right:
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


def _quality(case: _Case) -> Right | None:
    rule = case.rule("quality_return")
    if rule is None:
        return None
    window = None
    if case.delivered_at is not None:
        window = window_of(rule=rule, pack=case.pack, calendar=case.calendar, start=case.delivered_at)
    return Right(
        id="quality_return",
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=True,
        can_do=Say("quality.can_do"),
        until=_until(window, rule),
        cost=Say(f"cost.return_freight.{rule.payer or 'trader'}"),
        source=source(rule),
        window=window,
    )


def _guarantee(case: _Case) -> Right | None:
    rule = case.rule("guarantee")
    if rule is None or rule.length is None:
        return None
    window = None
    if case.delivered_at is not None:
        window = window_of(rule=rule, pack=case.pack, calendar=case.calendar, start=case.delivered_at)
    return Right(
        id="guarantee",
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=True,
        can_do=Say("guarantee.can_do", {"years": rule.length.n}),
        until=_until(window, rule) if window else Say("until.years_after_receipt", {"years": rule.length.n}),
        cost=Say("cost.nothing"),
        source=source(rule),
        window=window,
    )


def _fraud(case: _Case) -> Right | None:
    return _remedy(case, right_id="fraud", role="fraud", code="fraud.can_do")


def _food(case: _Case) -> Right | None:
    if case.facts.category != "food":
        return None
    return _remedy(case, right_id="food_safety", role="unsafe_food", code="food.can_do")


def _remedy(case: _Case, *, right_id: str, role: str, code: str) -> Right | None:
    rule = case.rule(role)
    if rule is None or rule.remedy is None:
        return None
    params = {"multiple": rule.remedy.price_multiple, "floor_minor": rule.remedy.floor_minor}
    limitation = case.rule("claim_limitation")
    years = limitation.length.n if limitation and limitation.length else 0
    return Right(
        id=right_id,
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=True,
        can_do=Say(code, {**params, "currency": rule.remedy.currency}),
        until=Say("until.years_after_knowing", {"years": years}),
        cost=Say("cost.nothing"),
        source=source(rule),
    )
