"""When a reference price beside the selling price is lawful: how high it may be, why, by which rule.

What counts (real deals or prices asked), over how long and what is let off stands in the pack; all sums
are what one piece costs with everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kernel.money import Money
from law.counting import check_instant
from law.rules import Confidence, Pack, Rule
from law.windows import lookback

REFERENCE, RAISE = "reference_price", "raise_then_cut"
# Figures of a reference rule: 1 where the law says so.
BY_DEALS, ELSE_LAST_DEAL = "counts_deals", "else_last_deal"
PROGRESSIVE, NEW_GOODS, PERISHABLE = "progressive", "new_goods", "perishable_last_price"


@dataclass(frozen=True, slots=True)
class Deal:
    """A completed sale that stands: when it was paid, and the price really paid for one."""

    at: datetime
    price: Money


@dataclass(frozen=True, slots=True)
class Asked:
    """A price that was asked from `since` on, until the next one."""

    since: datetime
    price: Money


class Basis(StrEnum):
    """Where the ceiling comes from, or why there is none."""

    LOWEST_DEAL = "lowest_deal"
    LAST_DEAL = "last_deal"
    LOWEST_ASKED = "lowest_asked"
    LAST_ASKED = "last_asked"
    BEFORE_RAISE = "before_raise"
    NO_DEAL = "no_deal"
    NEVER_ASKED = "never_asked"
    TOO_NEW = "too_new"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class Permitted:
    """The highest reference price that may be shown; `ceiling` is None when none may be shown at all.

    The rule looked back over [`since`, `until`); `price_at` is the instant of the deal, or the one from
    which that price was asked. `counted` says how many deals or prices lay in the period.
    """

    ceiling: Money | None
    basis: Basis
    rule_id: str
    pack_version: str
    confidence: Confidence | None = None
    since: datetime | None = None
    until: datetime | None = None
    price_at: datetime | None = None
    counted: int = 0

    def allows(self, was: Money) -> bool:
        return self.ceiling is not None and was <= self.ceiling


def permitted_reference(
    *,
    pack: Pack,
    at: datetime,
    deals: Iterable[Deal] = (),
    asked: Iterable[Asked] = (),
    perishable: bool = False,
    began: datetime | None = None,
) -> Permitted:
    """What may stand crossed out beside a price reduced at the instant `at`, under the law of `pack`.

    `began` is when an unbroken reduction started that is made deeper at `at`: where the law lets it, the
    period before that start counts. Where a law has no rule, nothing is permitted.

    :raises NaiveInstant: and the other refusals of the instants
    """
    check_instant(at)
    if REFERENCE not in pack.roles:
        return Permitted(None, Basis.NO_RULE, "", pack.version)
    rule = pack.rule(pack.role(REFERENCE), at)
    anchor = began if began is not None and rule.figures.get(PROGRESSIVE) else at
    since, until = lookback(pack=pack, rule_id=rule.id, at=anchor)
    ground = Permitted(None, Basis.NO_RULE, rule.id, pack.version, rule.confidence, since, until)
    steps = sorted((each for each in asked if each.since < until), key=lambda each: each.since)
    if not rule.figures.get(BY_DEALS):
        return _by_asked(ground, rule, steps, perishable=perishable)
    past = sorted((deal for deal in deals if deal.at < until), key=lambda deal: deal.at)
    return _not_raised(_by_deals(ground, rule, past), pack, steps, at=anchor)


def _by_deals(ground: Permitted, rule: Rule, past: Sequence[Deal]) -> Permitted:
    """The lowest deal of the period, else the last one before it where the law falls back on that."""
    recent = [deal for deal in past if ground.since is None or deal.at >= ground.since]
    if recent:
        lowest = min(recent, key=lambda deal: deal.price.minor)
        return replace(
            ground,
            ceiling=lowest.price,
            basis=Basis.LOWEST_DEAL,
            price_at=lowest.at,
            counted=len(recent),
        )
    if past and rule.figures.get(ELSE_LAST_DEAL):
        return replace(ground, ceiling=past[-1].price, basis=Basis.LAST_DEAL, price_at=past[-1].at)
    return replace(ground, basis=Basis.NO_DEAL)


def _by_asked(ground: Permitted, rule: Rule, steps: Sequence[Asked], *, perishable: bool) -> Permitted:
    """The lowest price asked in the period; younger goods and goods that spoil as the law lets."""
    if not steps:
        return replace(ground, basis=Basis.NEVER_ASKED)
    if perishable and rule.figures.get(PERISHABLE):
        return _asked(ground, steps[-1], Basis.LAST_ASKED, 1)
    in_force = _in_force(steps, ground.since)
    if ground.since is not None and steps[0].since > ground.since and not rule.figures.get(NEW_GOODS):
        return replace(ground, basis=Basis.TOO_NEW)
    lowest = min(in_force, key=lambda each: each.price.minor)
    return _asked(ground, lowest, Basis.LOWEST_ASKED, len(in_force))


def _asked(ground: Permitted, step: Asked, basis: Basis, counted: int) -> Permitted:
    return replace(ground, ceiling=step.price, basis=basis, price_at=step.since, counted=counted)


def _in_force(steps: Sequence[Asked], since: datetime | None) -> list[Asked]:
    """The prices asked after `since` and the one that was in force then."""
    before = [each for each in steps if since is not None and each.since <= since]
    return [*before[-1:], *(each for each in steps if each not in before)]


def _not_raised(found: Permitted, pack: Pack, steps: Sequence[Asked], *, at: datetime) -> Permitted:
    """Raised in the period and cut again: no more than what was asked before it was raised."""
    if RAISE not in pack.roles or found.ceiling is None:
        return found
    rule = pack.rule(pack.role(RAISE), at)
    since, until = lookback(pack=pack, rule_id=rule.id, at=at)
    in_force = _in_force(steps, since)
    raised = [
        step
        for place, step in enumerate(in_force)
        if any(later.price > step.price for later in in_force[place + 1 :])
    ]
    lowest = min(raised, key=lambda each: each.price.minor, default=None)
    if lowest is None or lowest.price >= found.ceiling:
        return found
    return Permitted(
        ceiling=lowest.price,
        basis=Basis.BEFORE_RAISE,
        rule_id=rule.id,
        pack_version=pack.version,
        confidence=rule.confidence,
        since=since,
        until=until,
        price_at=lowest.since,
        counted=len(in_force),
    )
