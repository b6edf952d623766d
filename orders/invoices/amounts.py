"""What an invoice and its credit notes say, line by line and exact to the fen; pure arithmetic.

One row a line: what its goods and their freight cost, less what went back, at the rate that the shop states.
The tax lies in the price, so it is taken out of the gross sum and never put on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kernel.errors import N_, Invalid
from kernel.money import Money

# Rates are whole numbers of hundredths of a per cent.
WHOLE = 10_000


class RateOutOfRange(Invalid):
    code = "invoice_rate_out_of_range"
    message = N_("Enter the tax rate of each line in per cent, from 0 to less than 100.")


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line as it stands: `open_minor` is what papers say of it so far, `left_minor` what of it is paid."""

    line_id: UUID
    open_minor: int
    left_minor: int


@dataclass(frozen=True, slots=True)
class RowSum:
    line_id: UUID
    gross_minor: int
    rate: int
    net_minor: int
    tax_minor: int


def take_off(lines: Sequence[LineSum], amount_minor: int) -> dict[UUID, int]:
    """By line, how `amount_minor` comes off what its papers say; the parts sum to it, none beyond its line.

    First where money went back of the line itself, then, for what a case paid of the whole order, in
    proportion to what is left on each.

    :raises ValueError: for more than all lines hold
    """
    if not 0 <= amount_minor <= sum(line.open_minor for line in lines):
        raise ValueError("no more comes off an invoice than it says")
    off: dict[UUID, int] = {}
    rest = amount_minor
    for line in lines:
        back = min(max(line.open_minor - line.left_minor, 0), rest)
        off[line.line_id] = back
        rest -= back
    still = [line.open_minor - off[line.line_id] for line in lines]
    if rest:
        for line, part in zip(lines, Money(rest).share(still), strict=True):
            off[line.line_id] += part.minor
    return off


def row(line_id: UUID, gross_minor: int, rate: int) -> RowSum:
    """The net sum is rounded half up, the tax is what is left, so both sum to the gross.

    :raises RateOutOfRange:
    """
    if not 0 <= rate < WHOLE:
        raise RateOutOfRange(field=f"rate_{line_id.hex}")
    net = (gross_minor * WHOLE * 2 + (WHOLE + rate)) // ((WHOLE + rate) * 2)
    net = max(net, 1)
    return RowSum(line_id, gross_minor, rate, net, gross_minor - net)


def rows(said: Mapping[UUID, int], rates: Mapping[UUID, int]) -> tuple[RowSum, ...]:
    """One row for each line of which something is said.

    :raises RateOutOfRange: also for a line without a rate
    """
    return tuple(row(line_id, gross, rates.get(line_id, -1)) for line_id, gross in said.items() if gross > 0)
