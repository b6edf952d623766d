"""A shopper's rights on an offer: what they can do, until when, at what cost, by which rule.

Sentences are codes with parameters; a higher floor says them in the reader's language.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from law.calendars import Calendar
from law.private_sellers import against_a_private_person
from law.returns import PROMISED_DAYS, ListingFacts, ground_of, return_window
from law.right import Case, Right, Say, escrow, sent_back, source, until
from law.rules import Exclusion, Exemption, Pack, Rule, Stamp
from law.windows import window_of

__all__ = ["ListingFacts", "Right", "Say", "rights_for"]


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
    case = Case(pack, calendar, facts, at, delivered_at, buyer_place == seller_place)
    if facts.private_seller:
        return against_a_private_person(case)
    made = (_no_reason(case), escrow(), _quality(case), _guarantee(case), _fraud(case), _food(case))
    return tuple(right for right in made if right is not None)


def _no_reason(case: Case) -> Right | None:
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
        until=until(window, rule) if window else Say("until.days_after_receipt", {"days": days}),
        cost=Say(f"cost.return_freight.{payer}"),
        source=Say("source.promise_over_law", source(rule).params, source(rule).texts)
        if promised
        else source(rule),
        window=window,
    )
    ground = ground_of(pack=case.pack, facts=facts, at=case.at)
    return _limited(right, ground, rule, case) if ground else right


def _no_return(case: Case) -> Right | None:
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


def _limited(right: Right, ground: Exemption, rule: Rule, case: Case) -> Right:
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


def _quality(case: Case) -> Right | None:
    return sent_back(case, "quality_return", name="quality_return", can_do="quality.can_do")


def _guarantee(case: Case) -> Right | None:
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
        until=until(window, rule) if window else Say("until.years_after_receipt", {"years": rule.length.n}),
        cost=Say("cost.nothing"),
        source=source(rule),
        window=window,
    )


def _fraud(case: Case) -> Right | None:
    return _remedy(case, right_id="fraud", role="fraud", code="fraud.can_do")


def _food(case: Case) -> Right | None:
    if case.facts.category != "food":
        return None
    return _remedy(case, right_id="food_safety", role="unsafe_food", code="food.can_do")


def _remedy(case: Case, *, right_id: str, role: str, code: str) -> Right | None:
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
