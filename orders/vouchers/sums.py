"""What the uses of a voucher are worth, to the fen; pure arithmetic over whole minor units.

Each use is worth the difference of two floors of one running fraction of what was paid, discounts taken off:
so used and unused shares add up to it, and nobody is charged a dearer price for having used a part.
"""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money


def share(*, paid: int, uses: int, number: int) -> int:
    """What use `number` (from 1) is worth."""
    return paid * number // uses - paid * (number - 1) // uses


@dataclass(frozen=True, slots=True)
class UnusedSum:
    """`paid` for `uses`; `kept` is what the `used` ones were worth, `amount` goes back for the `unused`."""

    paid: Money
    uses: int
    used: int
    unused: int
    kept: Money
    before: Money
    amount: Money


def unused(*, paid: Money, uses: int, used: int, before: Money, back: int = 0) -> UnusedSum:
    """`before` is what went back for this line already, such as by a complaint; it isn't paid twice."""
    left = uses - used - back
    kept = Money(paid.minor * used // uses, paid.currency)
    rest = Money(paid.minor - kept.minor if left else 0, paid.currency)
    amount = Money(max(min(rest.minor, paid.minor - before.minor), 0), paid.currency)
    return UnusedSum(paid, uses, used, left, kept, before, amount)
