"""What promotions take off a cart, split over its lines; pure arithmetic over whole minor units.

They apply one after the other: the shop's threshold offer to what the goods cost, then one coupon of the shop
to what is left. Each takes off less than the goods it is for still cost, so nothing ever costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of the cart by its `key`: its categories, and what all its units cost before promotions."""

    key: UUID
    categories: frozenset[str]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion's terms. `kind` is "threshold" or "coupon"; `reference` the promotion or the coupon."""

    reference: UUID
    kind: str
    from_minor: int
    off_minor: int | None = None
    off_permille: int = 0
    most_minor: int = 0
    categories: frozenset[str] = frozenset()
    name: Mapping[str, str] = field(default_factory=dict, compare=False)

    def covers(self, goods: Goods) -> bool:
        return not self.categories or bool(self.categories & goods.categories)

    def off(self, eligible_minor: int) -> int:
        """What it takes off goods that cost so much together; nothing below its threshold."""
        if eligible_minor < self.from_minor:
            return 0
        if self.off_minor is not None:
            return min(self.off_minor, eligible_minor - 1)
        return min(eligible_minor * self.off_permille // 1000, self.most_minor, eligible_minor - 1)


@dataclass(frozen=True, slots=True)
class Share:
    """What one offer takes off one line."""

    kind: str
    reference: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Applied:
    """An offer, what its goods cost when it came to it, and what it took off."""

    offer: Offer
    eligible_minor: int
    off_minor: int

    @property
    def missing_minor(self) -> int:
        """So much more of its goods, and it would take something off."""
        return max(self.offer.from_minor - self.eligible_minor, 0)


def split(off_minor: int, amounts: Sequence[int]) -> list[int]:
    """Shares of `off_minor` in proportion to `amounts`, to the last fen, none above its amount.

    The fen that flooring leaves go to the largest fractions, then to the earlier lines (largest remainder).
    :raises ValueError: for more than the amounts sum to
    """
    whole = sum(amounts)
    if not 0 <= off_minor <= whole:
        raise ValueError(f"{off_minor} off {whole}")
    if whole == 0:
        return [0 for _ in amounts]
    shares = [off_minor * amount // whole for amount in amounts]
    left = off_minor - sum(shares)
    by_fraction = sorted(range(len(amounts)), key=lambda i: (-(off_minor * amounts[i] % whole), i))
    for i in by_fraction[:left]:
        shares[i] += 1
    return shares


def best(offers: Iterable[Offer], goods: Sequence[Goods]) -> Applied | None:
    """The offer that takes the most off; of equals the one with the lower threshold, then the earlier."""
    found = [_applied(offer, goods) for offer in offers]
    useful = [each for each in found if each.off_minor]
    return min(
        useful, key=lambda each: (-each.off_minor, each.offer.from_minor, each.offer.reference), default=None
    )


def nearest(offers: Iterable[Offer], goods: Sequence[Goods]) -> Applied | None:
    """The offer that the fewest fen are missing for, of those that cover something and take nothing off."""
    found = [_applied(offer, goods) for offer in offers]
    short = [each for each in found if each.missing_minor and each.eligible_minor]
    return min(short, key=lambda each: (each.missing_minor, each.offer.reference), default=None)


def _applied(offer: Offer, goods: Sequence[Goods]) -> Applied:
    eligible = sum(each.amount_minor for each in goods if offer.covers(each))
    return Applied(offer, eligible, offer.off(eligible))


def shares_of(applied: Applied, goods: Sequence[Goods]) -> dict[UUID, Share]:
    """Line by line what an applied offer takes off; lines that get nothing are absent."""
    covered = [each for each in goods if applied.offer.covers(each)]
    parts = split(applied.off_minor, [each.amount_minor for each in covered])
    offer = applied.offer
    return {
        each.key: Share(offer.kind, offer.reference, part)
        for each, part in zip(covered, parts, strict=True)
        if part
    }


def less(goods: Sequence[Goods], shares: Mapping[UUID, Share]) -> list[Goods]:
    """The same lines after `shares` came off."""
    return [
        Goods(each.key, each.categories, each.amount_minor - shares[each.key].amount_minor)
        if each.key in shares
        else each
        for each in goods
    ]
