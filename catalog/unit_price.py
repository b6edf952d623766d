"""The price per 100 g, 100 ml or piece, so that packs of different size can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from kernel.errors import N_
from kernel.money import Money

# Unit of the pack → (how many base units it holds, the size prices are compared by, its name).
_BASES = {
    "g": (1, 100, "100 g"),
    "kg": (1000, 100, "100 g"),
    "ml": (1, 100, "100 ml"),
    "l": (1000, 100, "100 ml"),
    "piece": (1, 1, N_("piece")),
}
# Goods are marked with their price and the unit it is for (Order 56 art 7).
RULE_ID = "cn.price.display"

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kg|g|ml|l|千克|公斤|克|公克|毫升|升|公升)", re.IGNORECASE)
# A pot "360 ml" big tells nothing of 100 g of tea: only a size of the same kind counts.
_KINDS = {"g": "mass", "kg": "mass", "ml": "volume", "l": "volume"}
_UNITS = {
    **dict.fromkeys(("kg", "千克", "公斤"), "kg"),
    **dict.fromkeys(("g", "克", "公克"), "g"),
    **dict.fromkeys(("ml", "毫升"), "ml"),
    **dict.fromkeys(("l", "升", "公升"), "l"),
}


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """`per` is a message: "100 g", "100 ml", "piece"."""

    amount: Money
    per: str
    rule_id: str = RULE_ID


def unit_price(
    content: Mapping[str, Any], price: Money, *, choice: Mapping[str, str] | None = None
) -> UnitPrice | None:
    """The unit price of an offer with a net content; None without one that can be compared.

    Where a size is chosen ("500 g"), the price is for that much and not for what stands among the facts.
    """
    quantity = (content.get("attributes") or {}).get("net_content")
    chosen = _size_chosen(content, choice or {})
    if (
        chosen
        and isinstance(quantity, dict)
        and _KINDS.get(quantity.get("unit", "")) == _KINDS[chosen["unit"]]
    ):
        quantity = chosen
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


def _size_chosen(content: Mapping[str, Any], choice: Mapping[str, str]) -> dict[str, str] | None:
    """The chosen value that is nothing but a size, such as "480 ml"."""
    for option in content.get("options") or []:
        for value in option["values"]:
            if value["key"] == choice.get(option["key"]):
                for text in value["labels"].values():
                    if (found := _SIZE.fullmatch(text.strip())) is not None:
                        return {"value": found[1], "unit": _UNITS[found[2].lower()]}
    return None
