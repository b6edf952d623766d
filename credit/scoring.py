"""The score: a pure function of facts and an instant, in whole numbers and fractions only.

The same facts give the same score in any order, process, language and machine.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from credit.standards import NO_GRADE, Component, Standard

# What a fresh fact's weight is multiplied by; a power of two, so that halves stay whole.
FRESH = 1 << 40
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry as the score sees it: `permille` is how well it went, `weight` how much it counts.

    `order` tells orders apart where the kind counts as one; None elsewhere.
    """

    kind: str
    component: str
    permille: int
    weight: int
    at: datetime
    order: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A component's value (0 to 1000) and the points it brings; the points of all parts add up to the score.

    `counted` is how many facts stand behind it, zero weights left out.
    """

    key: str
    weight: int
    permille: int
    points: int
    counted: int


@dataclass(frozen=True, slots=True)
class Score:
    """What the facts add up to. Without enough orders or days there is a grade N and no number."""

    grade: str
    permille: int | None
    orders: int
    days: int
    parts: tuple[Part, ...]
    standard: int

    @property
    def reckoned(self) -> int:
        """The sum of the parts, also while the shop is too young for a number."""
        return sum(part.points for part in self.parts)


def freshness(age_days: int, half_life_days: int) -> int:
    """How much of a fact is left: half after each half-life, in a straight line between."""
    halvings, rest = divmod(age_days, half_life_days)
    left = FRESH >> halvings
    return left - (left // 2) * rest // half_life_days


def age_in_days(fact: Fact, at: datetime) -> int:
    return (at - fact.at) // DAY


def counting(facts: Iterable[Fact], standard: Standard, at: datetime) -> list[Fact]:
    """Those that have happened and are not too old."""
    return [fact for fact in facts if 0 <= age_in_days(fact, at) < standard.window_days]


def score(facts: Iterable[Fact], standard: Standard, *, at: datetime, since: datetime | None) -> Score:
    """What the facts amount to at the instant; `since` is when the shop was admitted (None: never)."""
    held = counting(facts, standard, at)
    values = [component_value(component, held, standard, at) for component in standard.components]
    shares = [value * part.weight / 100 for value, part in zip(values, standard.components, strict=True)]
    total = half_up(sum(shares, Fraction(0)))
    parts = _parts(standard.components, values, _points(shares, total), held)
    orders = sample(held, standard)
    days = max((at - since) // DAY, 0) if since else 0
    enough = orders >= standard.least_orders and days >= standard.least_days
    grade = standard.band_of(total).grade if enough else NO_GRADE
    return Score(grade, total if enough else None, orders, days, parts, standard.version)


def component_value(
    component: Component, facts: Iterable[Fact], standard: Standard, at: datetime
) -> Fraction:
    """The weighted mean of its facts, drawn towards the component's prior while they are few."""
    weights = FRESH * component.prior_weight
    sums = weights * component.prior_permille
    for fact in facts:
        if fact.component == component.key:
            weight = fact.weight * freshness(age_in_days(fact, at), standard.half_life_days)
            weights += weight
            sums += weight * fact.permille
    return Fraction(sums, weights)


def sample(facts: Iterable[Fact], standard: Standard) -> int:
    """How many different orders stand behind the score."""
    kinds = {key for key, kind in standard.kinds.items() if kind.counts_as_order}
    return len({fact.order for fact in facts if fact.kind in kinds and fact.order is not None})


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _points(shares: Sequence[Fraction], total: int) -> list[int]:
    """Whole points that add up to the total: what rounding leaves goes to the largest remainders."""
    points = [share.numerator // share.denominator for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: (points[place] - shares[place], place))
    for place in by_remainder[: total - sum(points)]:
        points[place] += 1
    return points


def _parts(
    components: Sequence[Component], values: Sequence[Fraction], points: Sequence[int], held: Sequence[Fact]
) -> tuple[Part, ...]:
    counted = {
        each.key: sum(1 for fact in held if fact.component == each.key and fact.weight) for each in components
    }
    return tuple(
        Part(each.key, each.weight, half_up(value), worth, counted[each.key])
        for each, value, worth in zip(components, values, points, strict=True)
    )
