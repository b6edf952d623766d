"""The price per 100 g, 100 ml or piece, so that packs of different size can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from kernel.money import Money

# Unit of the pack → (how many base units it holds, the size prices are compared by, its name).
_BASES = {
    "g": (1, 100, "100 g"),
    "kg": (1000, 100, "100 g"),
    "ml": (1, 100, "100 ml"),
    "l": (1000, 100, "100 ml"),
}


@dataclass(frozen=True, slots=True)
class UnitPrice:
    amount: Money
    per: str


def unit_price(content: Mapping[str, Any], price: Money) -> UnitPrice | None:
    """The unit price of an offer with a net content; None without one that can be compared."""
    quantity = (content.get("attributes") or {}).get("net_content")
    if not isinstance(quantity, dict) or quantity.get("unit") not in _BASES:
        return None
    in_base, compared, name = _BASES[quantity["unit"]]
    try:
        size = Decimal(str(quantity.get("value"))) * in_base
    except InvalidOperation:
        return None
    if size <= 0 or size == compared:
        return None
    per = (Decimal(price.minor) * compared / size).quantize(Decimal(1), ROUND_HALF_UP)
    return UnitPrice(Money(int(per), price.currency), name)
