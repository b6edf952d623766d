"""What insurers offer, by version: read from the products' file, reckoned for a line; pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from kernel.money import Money
from orders.cover_states import CoverKind

FILE = Path(__file__).parent / "data" / "products.toml"


@dataclass(frozen=True, slots=True)
class Product:
    """One version of what an insurer offers; sums in fen, shares in thousandths of the line's cost."""

    key: str
    version: int
    kind: CoverKind
    insurer: str
    in_force_from: datetime
    premium: dict[str, int]
    price_permille: int
    top_permille: int
    most_minor: int
    days: int
    basis: tuple[str, ...]
    texts: dict[str, dict[str, Any]]

    @property
    def fixed(self) -> Money:
        """Its price where that is one sum for every line."""
        return Money(self.premium.get("fixed_minor", 0))

    @property
    def floor(self) -> Money:
        """The least that it costs where it is a share."""
        return Money(self.premium.get("floor_minor", 0))

    @property
    def most(self) -> Money:
        """The most that it pays for any line."""
        return Money(self.most_minor)

    def premium_on(self, paid: Money) -> Money:
        """A fixed sum, or so many thousandths of what the line costs, rounded up, with a floor."""
        if "fixed_minor" in self.premium:
            return Money(self.premium["fixed_minor"], paid.currency)
        share = -(-paid.minor * self.premium["permille"] // 1000)
        return Money(max(share, self.premium["floor_minor"]), paid.currency)

    def limit_on(self, paid: Money) -> Money:
        """The most that it pays for a line of that cost."""
        share = paid.minor * (self.price_permille + self.top_permille) // 1000
        return Money(min(share, self.most_minor) if share else self.most_minor, paid.currency)

    def is_worth_it(self, paid: Money) -> bool:
        """Nobody is sold a cover that costs as much as it can pay."""
        return self.premium_on(paid) < self.limit_on(paid)

    def frozen(self) -> dict[str, Any]:
        """What the order keeps: the texts shown, and the numbers that a claim is reckoned with."""
        return {
            "texts": self.texts,
            "basis": list(self.basis),
            "premium": self.premium,
            "price_permille": self.price_permille,
            "top_permille": self.top_permille,
            "most_minor": self.most_minor,
            "days": self.days,
        }

    def said(self, locale: str) -> dict[str, Any]:
        """The texts in the language of `locale`."""
        return self.texts.get(locale) or self.texts["zh-hans"]


@cache
def every() -> tuple[Product, ...]:
    """All versions of all products, in the order of the file."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["products"]
    return tuple(
        Product(**{**row, "kind": CoverKind(row["kind"]), "basis": tuple(row["basis"])}) for row in rows
    )


def on_offer(at: datetime) -> tuple[Product, ...]:
    """The newest version in force of each product, in the order of the file."""
    newest: dict[str, Product] = {}
    for one in every():
        known = newest.get(one.key)
        if one.in_force_from <= at and (known is None or known.version < one.version):
            newest[one.key] = one
    return tuple(newest.values())
