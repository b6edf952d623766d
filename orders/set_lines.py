"""Lines of a cart that are one set: what the set takes off each, and why they can't be bought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from catalog import set_offers
from catalog.models import SetRevision
from kernel.money import Money
from orders.limits import MOST_OF_ONE

if TYPE_CHECKING:
    from orders.arranged import CartItem

# What keeps a line, or the set that it is in, out of the checkout.
BLOCKING = (
    "withdrawn",
    "sold_out",
    set_offers.CHANGED,
    set_offers.AWAY,
    set_offers.DEARER,
    "not_sent",
)


@dataclass(frozen=True, slots=True)
class InSet:
    """The set that a line is a part of: so many of it, and so many more that could be had."""

    revision: SetRevision
    count: int
    most: int

    @property
    def set_id(self) -> UUID:
        return self.revision.shop_set_id

    @property
    def price(self) -> Money:
        """Of all of them, freight apart."""
        return self.revision.price * self.count


def joined(items: Sequence[CartItem]) -> list[CartItem]:
    """The same lines, each set's with its share of the price and one answer to whether it can be had."""
    of: dict[UUID, list[CartItem]] = {}
    for item in items:
        if item.line.set_revision_id:
            of.setdefault(item.line.set_revision_id, []).append(item)
    done = {item.line.pk: item for group in of.values() for item in _one(group)}
    return _enough([done.get(item.line.pk, item) for item in items])


def _one(items: Sequence[CartItem]) -> list[CartItem]:
    revision = items[0].line.set_revision
    assert revision is not None
    count, lasting = _count(revision, items), _lasting(revision, items)
    problem = _problem(revision, items, count, lasting)
    parts = set_offers.shares(revision.price_minor * count, [item.goods.minor for item in items])
    whole = problem not in BLOCKING
    most = max(1, min([lasting, *(MOST_OF_ONE // quantity for quantity in _wanted(revision).values())]))
    return [
        replace(
            item,
            problem=problem,
            in_set=InSet(revision, count, most),
            discount=item.goods - Money(part) if whole else Money.zero(),
        )
        for item, part in zip(items, parts, strict=True)
    ]


def _wanted(revision: SetRevision) -> dict[UUID, int]:
    return {UUID(row["variant"]): int(row["quantity"]) for row in revision.members}


def _count(revision: SetRevision, items: Sequence[CartItem]) -> int:
    """How many sets these lines are; 0 where they don't make whole ones."""
    wanted = _wanted(revision)
    counts = {divmod(item.quantity, wanted[item.variant_id]) for item in items if item.variant_id in wanted}
    whole = len(items) == len(wanted) and len(counts) == 1 and next(iter(counts))[1] == 0
    return next(iter(counts))[0] if whole else 0


def _lasting(revision: SetRevision, items: Sequence[CartItem]) -> int:
    wanted = _wanted(revision)
    return min(max(item.in_stock, 0) // wanted.get(item.variant_id, 1) for item in items)


def _problem(revision: SetRevision, items: Sequence[CartItem], count: int, lasting: int) -> str:
    if not revision.shop_set.is_on_sale:
        return set_offers.WITHDRAWN
    if revision.shop_set.live_revision_id != revision.pk or not count:
        return set_offers.CHANGED
    if any(item.problem == "withdrawn" for item in items):
        return set_offers.AWAY
    if sum(item.goods.minor for item in items) < revision.price_minor * count:
        return set_offers.DEARER
    if lasting < 1:
        return set_offers.SOLD_OUT
    return "short" if lasting < count else ""


def _enough(items: Sequence[CartItem]) -> list[CartItem]:
    """The same variant alone and in sets comes off one shelf."""
    wanted: dict[UUID, int] = {}
    for item in items:
        if item.problem not in BLOCKING:
            wanted[item.variant_id] = wanted.get(item.variant_id, 0) + item.quantity
    short = {item.key for item in items if wanted.get(item.variant_id, 0) > item.in_stock}
    return [
        replace(item, problem="short") if item.key in short and not item.problem else item for item in items
    ]
