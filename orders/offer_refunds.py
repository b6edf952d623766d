"""What goes back of goods that a threshold offer lowered; pure arithmetic over whole minor units.

While what is kept still reaches the threshold, a piece gives back what was paid for it. Below it the offer is
lost: what is kept costs what it cost on the day of the order, but at most what the threshold itself would
have cost with the offer. No refund is negative, and returns in any order add up to what was paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money
from orders.refund_sums import PaidLine, units_share
from orders.set_refunds import BoughtSet, kept_cost

Kept = Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Lowered:
    """One line. `off_minor` came off by the offer, `stays_minor` by what isn't reckoned again (coupons).

    `missing`: pieces that never came or were cancelled; they count towards the threshold all the same.
    `covered`: whether the offer is for it; else it only shares a set with what the offer is for.
    """

    line: PaidLine
    unit_minor: int
    off_minor: int = 0
    stays_minor: int = 0
    missing: int = 0
    covered: bool = True

    @property
    def kept(self) -> int:
        return self.line.quantity - self.line.returned

    @property
    def left_minor(self) -> int:
        """Paid for the line, its freight included, and not yet given back."""
        return self.line.goods_minor + self.line.freight_minor - self.line.refunded_minor


@dataclass(frozen=True, slots=True)
class Offered:
    """Goods that one offer lowered from `from_minor` on, with the sets among them."""

    from_minor: int
    lines: tuple[Lowered, ...]
    sets: tuple[BoughtSet, ...] = ()

    @property
    def off_minor(self) -> int:
        return sum(each.off_minor for each in self.lines)


@dataclass(frozen=True, slots=True)
class OfferShare:
    """What goes back by line; what is kept, its worth on the day of the order, and what it counts at.

    `lost`: the rest no longer reaches the threshold. `reckoned`: what goes back was reckoned again by it.
    """

    by_line: Mapping[UUID, int]
    kept: Kept
    worth_minor: int
    counted_minor: int
    from_minor: int
    lost: bool
    reckoned: bool

    @property
    def minor(self) -> int:
        return sum(self.by_line.values())


def worth(lines: Iterable[Lowered], sets: Iterable[BoughtSet], kept: Kept) -> dict[UUID, int]:
    """What these pieces cost before any offer, line by line: in sets the cheapest way, else alone."""
    found = {each.line.line_id: kept.get(each.line.line_id, 0) * each.unit_minor for each in lines}
    for bought in sets:
        names = [each.line.line_id for each in bought.members]
        weights = [found[name] for name in names]
        if any(weights):
            parts = Money(kept_cost(bought, kept)).share(weights)
            found |= {name: part.minor for name, part in zip(names, parts, strict=True)}
    return found


def goods_back(offered: Offered, units: Kept, *, at_least_share: bool) -> OfferShare:
    """The goods' part of the refund for so many `units` by line; never negative, never more than is left.

    `at_least_share`: what is faulty goes back at what was paid for it, if that is more.
    """
    before = {each.line.line_id: each.kept for each in offered.lines}
    after = {line_id: kept - units.get(line_id, 0) for line_id, kept in before.items()}
    asked = [each for each in offered.lines if units.get(each.line.line_id)]
    shares = {each.line.line_id: _share(each.line, units[each.line.line_id]) for each in asked}
    fair = sum(shares.values())
    again = max(0, _cost(offered, before) - _cost(offered, after))
    reckoned = not (at_least_share and fair >= again)
    amount = min(again if reckoned else fair, _most(offered, units))
    own = worth(offered.lines, offered.sets, after)
    return OfferShare(
        by_line=_split(asked, units, shares, amount),
        kept=after,
        worth_minor=sum(own.values()),
        counted_minor=_cost(offered, after),
        from_minor=offered.from_minor,
        lost=not _reaches(offered, after),
        reckoned=reckoned and again != fair,
    )


def _share(line: PaidLine, units: int) -> int:
    return units_share(whole=line.goods_minor, quantity=line.quantity, already=line.returned, units=units)


def _rest(whole: int, line: PaidLine, kept: int) -> int:
    """The part of `whole` that stays with so many kept pieces; what went is rounded down."""
    return whole - whole * (line.quantity - kept) // line.quantity


def _covered(offered: Offered, amounts: Mapping[UUID, int]) -> int:
    return sum(amounts[each.line.line_id] for each in offered.lines if each.covered)


def _reaches(offered: Offered, kept: Kept) -> bool:
    counted = {each.line.line_id: kept[each.line.line_id] + each.missing for each in offered.lines}
    return _covered(offered, worth(offered.lines, offered.sets, counted)) >= offered.from_minor


def _cost(offered: Offered, kept: Kept) -> int:
    """What the buyer would have paid for just these pieces, freight apart."""
    own = worth(offered.lines, offered.sets, kept)
    if _reaches(offered, kept):
        return max(0, _with_the_offer(offered, kept, own))
    covered = _covered(offered, own)
    stays = sum(_rest(each.stays_minor, each.line, kept[each.line.line_id]) for each in offered.lines)
    return max(0, min(covered, _threshold_cost(offered)) + sum(own.values()) - covered - stays)


def _with_the_offer(offered: Offered, kept: Kept, own: Mapping[UUID, int]) -> int:
    """Lines bought alone keep what was paid for them; those of sets their worth less what came off."""
    in_sets = {each.line.line_id for bought in offered.sets for each in bought.members}
    found = 0
    for each in offered.lines:
        line, left = each.line, kept[each.line.line_id]
        if line.line_id in in_sets:
            found += own[line.line_id] - _rest(each.off_minor + each.stays_minor, line, left)
        else:
            found += _rest(line.goods_minor, line, left)
    return found


def _threshold_cost(offered: Offered) -> int:
    """What goods for exactly the threshold would have cost at the order's own share of the offer."""
    whole = {each.line.line_id: each.line.quantity for each in offered.lines}
    full = _covered(offered, worth(offered.lines, offered.sets, whole))
    return -(-offered.from_minor * (full - offered.off_minor) // full) if full else 0


def _most(offered: Offered, units: Kept) -> int:
    """What is left of the lines that came or come back, less the freight that goes back with these units."""
    touched = [each for each in offered.lines if each.line.returned or units.get(each.line.line_id)]
    freight = sum(
        units_share(
            whole=each.line.freight_minor,
            quantity=each.line.quantity,
            already=each.line.returned,
            units=units.get(each.line.line_id, 0),
        )
        for each in touched
    )
    return max(0, sum(each.left_minor for each in touched) - freight)


def _split(asked: Sequence[Lowered], units: Kept, shares: Mapping[UUID, int], amount: int) -> dict[UUID, int]:
    """By the shares where they are what goes back, else by what the pieces cost alone."""
    if sum(shares.values()) == amount:
        return dict(shares)
    weights = [each.unit_minor * units[each.line.line_id] for each in asked]
    parts = Money(amount).share(weights)
    return {each.line.line_id: part.minor for each, part in zip(asked, parts, strict=True)}
