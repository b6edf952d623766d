"""Sums of money as whole minor units, so that no rounding can creep in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import total_ordering

from kernel.errors import N_, Invalid

# ISO 4217 exponents of the currencies that the platform knows.
EXPONENTS = {"CNY": 2, "TWD": 2, "HKD": 2, "EUR": 2, "GBP": 2, "USD": 2, "JPY": 0, "KRW": 0}
# Ten billion yuan: above any order, far below a bigint.
LIMIT_MINOR = 1_000_000_000_000

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)


class InvalidAmount(Invalid):
    code = "invalid_amount"
    message = N_("Enter an amount in figures, such as 39.00, with at most %(places)s decimals.")


class CurrencyMismatch(TypeError):
    """Two currencies met without a rate: a bug, never a user's doing."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`minor` whole minor units (fen, cent, yen) of `currency` (ISO 4217)."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money is whole minor units, not {type(self.minor).__name__}")
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency}")

    @classmethod
    def zero(cls, currency: str = "CNY") -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> Money:
        """Read a non-negative amount as a person types it ("12", "12.5", "12.50").

        :raises InvalidAmount: also for signs, separators, exponents and non-ASCII digits
        """
        places = EXPONENTS[currency]
        cleaned = text.strip()
        if not _AMOUNT.fullmatch(cleaned):
            raise InvalidAmount(places=places)
        whole, _, fraction = cleaned.partition(".")
        if len(fraction) > places:
            raise InvalidAmount(places=places)
        minor = int(whole) * 10**places + int((fraction or "0").ljust(places, "0") if places else 0)
        if minor > LIMIT_MINOR:
            raise InvalidAmount(places=places)
        return cls(minor, currency)

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money can't meet {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("money is multiplied by whole numbers only")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def is_zero(self) -> bool:
        return self.minor == 0

    @property
    def decimal_text(self) -> str:
        """The plain decimal form for inputs, files and APIs: "-12.50"."""
        places = EXPONENTS[self.currency]
        if not places:
            return str(self.minor)
        sign = "-" if self.minor < 0 else ""
        whole, rest = divmod(abs(self.minor), 10**places)
        return f"{sign}{whole}.{rest:0{places}d}"

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal_text}"

    def permille(self, rate: int) -> Money:
        """`rate` thousandths, rounded down towards zero: fees never take the half unit."""
        sign = -1 if self.minor < 0 else 1
        return Money(sign * (abs(self.minor) * rate // 1000), self.currency)

    def share(self, weights: Sequence[int]) -> list[Money]:
        """Split in proportion to non-negative `weights`; the parts sum to the whole.

        Largest remainders get the left-over units, ties going to the earlier weight, so each part is
        within one unit of its proportion. All weights zero: the whole goes to the first.
        """
        if not weights or any(weight < 0 for weight in weights):
            raise ValueError("shares need at least one weight, none negative")
        whole = sum(weights)
        if whole == 0:
            return [self, *(Money(0, self.currency) for _ in weights[1:])]
        sign, amount = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        floors = [amount * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
        for i in by_remainder[: amount - sum(floors)]:
            floors[i] += 1
        return [Money(sign * part, self.currency) for part in floors]

    def split(self, parts: int) -> list[Money]:
        return self.share([1] * parts)


def total(amounts: Iterable[Money], currency: str = "CNY") -> Money:
    """The sum, zero of `currency` for none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
