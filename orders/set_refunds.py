"""What goes back when a part of a set comes back; pure arithmetic over whole minor units.

What the buyer keeps costs what it cost alone on the day of the order, at most the sets' price: the cheapest
way of having bought just that, so many sets and the rest alone. That cost never falls when more is kept.
So no refund is negative, and returns in any order and in any batches add up to what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money
from orders.refund_sums import PaidLine, units_share


@dataclass(frozen=True, slots=True)
class Member:
    """One line of bought sets: what one piece cost alone, and how many pieces one set holds."""

    line: PaidLine
    unit_minor: int
    per_set: int

    @property
    def kept(self) -> int:
        return self.line.quantity - self.line.returned

    @property
    def left_minor(self) -> int:
        """Paid for the line, its freight included, and not yet given back."""
        return self.line.goods_minor + self.line.freight_minor - self.line.refunded_minor


@dataclass(frozen=True, slots=True)
class BoughtSet:
    """So many (`count`) of one set at `price_minor` each; `reprices` where the law reckons a part anew."""

    price_minor: int
    count: int
    members: tuple[Member, ...]
    reprices: bool = True


@dataclass(frozen=True, slots=True)
class SetShare:
    """What goes back for a part of sets, line by line, and what the rest was counted at."""

    by_line: Mapping[UUID, int]
    kept_minor: int
    kept: Mapping[UUID, int]
    repriced: bool

    @property
    def minor(self) -> int:
        return sum(self.by_line.values())


def kept_cost(bought: BoughtSet, kept: Mapping[UUID, int]) -> int:
    """What these pieces would have cost: so many sets and the rest alone, whichever is cheapest."""
    return min(
        sets * bought.price_minor
        + sum(
            max(0, kept.get(each.line.line_id, 0) - sets * each.per_set) * each.unit_minor
            for each in bought.members
        )
        for sets in range(bought.count + 1)
    )


def goods_back(bought: BoughtSet, units: Mapping[UUID, int], *, at_least_share: bool) -> SetShare:
    """The goods' part of the refund for so many `units` by line; never negative, never more than is left.

    `at_least_share`: what is faulty goes back at its share of the set's price, if that is more.
    """
    before = {each.line.line_id: each.kept for each in bought.members}
    after = {line_id: kept - units.get(line_id, 0) for line_id, kept in before.items()}
    asked = [each for each in bought.members if units.get(each.line.line_id)]
    shares = {each.line.line_id: _share(each.line, units[each.line.line_id]) for each in asked}
    repriced = kept_cost(bought, before) - kept_cost(bought, after)
    fair = sum(shares.values())
    counts = bought.reprices and not (at_least_share and fair >= repriced)
    amount = min(repriced if counts else fair, _most(bought, units))
    by_line = _split(asked, units, shares, amount)
    return SetShare(by_line, kept_cost(bought, after), after, counts)


def _share(line: PaidLine, units: int) -> int:
    return units_share(whole=line.goods_minor, quantity=line.quantity, already=line.returned, units=units)


def _most(bought: BoughtSet, units: Mapping[UUID, int]) -> int:
    """What is left of the lines that came or come back, less the freight that goes back with these units."""
    left = sum(
        each.left_minor for each in bought.members if each.line.returned or units.get(each.line.line_id)
    )
    freight = sum(
        units_share(
            whole=each.line.freight_minor,
            quantity=each.line.quantity,
            already=each.line.returned,
            units=units.get(each.line.line_id, 0),
        )
        for each in bought.members
    )
    return max(0, left - freight)


def _split(
    asked: Sequence[Member], units: Mapping[UUID, int], shares: Mapping[UUID, int], amount: int
) -> dict[UUID, int]:
    """By the shares where they are what goes back, else by what the pieces cost alone."""
    if sum(shares.values()) == amount:
        return dict(shares)
    weights = [each.unit_minor * units[each.line.line_id] for each in asked]
    parts = Money(amount).share(weights)
    return {each.line.line_id: part.minor for each, part in zip(asked, parts, strict=True)}
