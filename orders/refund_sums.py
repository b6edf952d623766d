"""Refund sums, line by line and exact to the fen; pure arithmetic over whole minor units.

A share of n units is the difference of two floors of the same running fraction, so that the shares of all
units, taken in any order and in any batches, add up to the whole and none is negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from kernel.errors import N_, Invalid
from kernel.money import Money

NOTHING = Money(0)


class OutwardFreight(StrEnum):
    """What happens to the freight that the buyer paid (policy `returns.outward_freight`)."""

    PROPORTIONAL = "proportional"
    # What the standard way would have cost; who chose express carries the difference.
    STANDARD = "standard"
    KEPT = "kept"


class QuantityOutOfRange(Invalid):
    code = "return_quantity_out_of_range"
    message = N_("You can return at most %(most)s of this item. Enter a number from 1 to %(most)s.")


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What was paid for one order line, how many of its units came back, and what was refunded in all.

    `express_minor` is the part of the freight that express cost on top of the standard way.
    """

    line_id: UUID
    quantity: int
    goods_minor: int
    freight_minor: int
    returned: int = 0
    refunded_minor: int = 0
    express_minor: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum, in words on the page: units × what was paid for them."""

    line_id: UUID
    units: int
    goods: Money
    freight: Money
    # Of these units' freight what stays with the merchant, because express was the buyer's choice.
    kept_express: Money = NOTHING

    @property
    def amount(self) -> Money:
        return self.goods + self.freight


@dataclass(frozen=True, slots=True)
class RefundSum:
    steps: tuple[Step, ...]
    goods: Money
    freight: Money

    @property
    def amount(self) -> Money:
        return self.goods + self.freight


def units_share(*, whole: int, quantity: int, already: int, units: int) -> int:
    """What `units` more units are worth after `already` went back, in minor units, never negative."""
    return whole * (already + units) // quantity - whole * already // quantity


def quote(
    *,
    asked: Sequence[tuple[PaidLine, int]],
    outward_freight: OutwardFreight = OutwardFreight.PROPORTIONAL,
    currency: str = "CNY",
    set_goods: Mapping[UUID, int] | None = None,
) -> RefundSum:
    """Work out what goes back for these (line, units).

    `set_goods` is the goods' part of lines that were bought in a set (`set_refunds`): they hang together.

    :raises QuantityOutOfRange: for no units, or more than are left on a line
    """
    known = set_goods or {}
    steps = tuple(
        _step(line, units, outward_freight, currency, goods=known.get(line.line_id)) for line, units in asked
    )
    goods = sum(step.goods.minor for step in steps)
    freight = sum(step.freight.minor for step in steps)
    return RefundSum(steps, Money(goods, currency), Money(freight, currency))


def less(found: RefundSum, by: int, *, room: int) -> RefundSum:
    """With `by` less for the goods, from the first line on; below zero: so much more, within `room`."""
    steps, rest = [], max(by, -room)
    for step in found.steps:
        taken = min(rest, step.goods.minor)
        steps.append(replace(step, goods=Money(step.goods.minor - taken, step.goods.currency)))
        rest -= taken
    goods = sum(step.goods.minor for step in steps)
    return RefundSum(tuple(steps), Money(goods, found.goods.currency), found.freight)


def _step(
    line: PaidLine, units: int, outward_freight: OutwardFreight, currency: str, *, goods: int | None = None
) -> Step:
    most = line.quantity - line.returned
    if not 0 < units <= most:
        raise QuantityOutOfRange(most=most, line_id=line.line_id, units=units)
    whole = 0 if outward_freight is OutwardFreight.KEPT else line.freight_minor
    kept = line.express_minor if outward_freight is OutwardFreight.STANDARD else 0
    freight, kept = (_share(line, each, units) for each in (whole - kept, kept))
    left = line.goods_minor + line.freight_minor - line.refunded_minor
    if goods is None:
        # The bounds bind only where a case has paid a part of the line: nothing is paid back twice.
        goods = min(_share(line, line.goods_minor, units), left)
        freight = min(freight, left - goods)
    amounts = (Money(each, currency) for each in (goods, freight, kept))
    return Step(line.line_id, units, *amounts)


def _share(line: PaidLine, whole: int, units: int) -> int:
    return units_share(whole=whole, quantity=line.quantity, already=line.returned, units=units)
