"""The one step that is taken with all chosen rows: by how much prices and pieces change; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import N_, Invalid
from kernel.money import Money

# A hundredth of a percent: 7.25 % is 725.
WHOLE = 10_000
_PERCENT = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?", re.ASCII)


class PriceStep(StrEnum):
    KEEP = ""
    SET = "set"
    PLUS = "plus"
    MINUS = "minus"
    RAISE = "raise"
    LOWER = "lower"


class StockStep(StrEnum):
    KEEP = ""
    SET = "set"
    ADD = "add"
    TAKE = "take"


class Rounding(StrEnum):
    FEN = "fen"
    JIAO = "jiao"
    YUAN = "yuan"


UNITS = {Rounding.FEN: 1, Rounding.JIAO: 10, Rounding.YUAN: 100}


class PercentRefused(Invalid):
    code = "percent_refused"
    message = N_("Write the percentage in figures with two decimals at most, such as 5 or 7.25.")


class StepWithoutAmount(Invalid):
    code = "bulk_amount_missing"
    message = N_("Say by how much: the step needs a number.")


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` is in minor units, or for percents in hundredths of one; `pieces` is never negative."""

    price: PriceStep = PriceStep.KEEP
    amount: int = 0
    rounding: Rounding = Rounding.FEN
    stock: StockStep = StockStep.KEEP
    pieces: int = 0

    @property
    def is_empty(self) -> bool:
        return self.price is PriceStep.KEEP and self.stock is StockStep.KEEP

    def priced(self, minor: int | None) -> int | None:
        """The new price; it may come out at zero or below, which the check refuses. Halves go up."""
        if self.price is PriceStep.SET:
            return self.amount
        if minor is None or self.price is PriceStep.KEEP:
            return minor
        if self.price is PriceStep.PLUS:
            return minor + self.amount
        if self.price is PriceStep.MINUS:
            return minor - self.amount
        factor = WHOLE + (self.amount if self.price is PriceStep.RAISE else -self.amount)
        unit = UNITS[self.rounding]
        return (2 * minor * factor + WHOLE * unit) // (2 * WHOLE * unit) * unit


def amount_of(step: PriceStep, text: str) -> int:
    """What was typed for a step: a sum, or a percentage.

    :raises StepWithoutAmount: :raises InvalidAmount: :raises PercentRefused:
    """
    text = text.strip().removeprefix("¥").removesuffix("%").strip()
    if not text:
        raise StepWithoutAmount(field="amount")
    if step not in (PriceStep.RAISE, PriceStep.LOWER):
        return Money.parse(text).minor
    found = _PERCENT.fullmatch(text)
    if found is None:
        raise PercentRefused(field="amount")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
