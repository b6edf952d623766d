"""The import tax that a price from behind the border holds, by the rate that the seller states."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from kernel.money import Money

WHOLE = 100


def import_tax(content: Mapping[str, Any], price: Money) -> tuple[str, Money] | None:
    """(rate in per cent as stated, tax within `price`); None for goods that cross no border or state none.

    The price already holds it (the category says so), so nothing is added: net + net * rate = price.
    """
    attributes = content.get("attributes") or {}
    stated = attributes.get("import_tax_rate")
    if not attributes.get("supply_route") or not isinstance(stated, dict):
        return None
    try:
        rate = Decimal(str(stated.get("value")))
    except InvalidOperation:
        return None
    if not rate.is_finite() or not 0 < rate <= WHOLE:
        return None
    tax = (Decimal(price.minor) * rate / (WHOLE + rate)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{rate.normalize():f}", Money(int(tax), price.currency)
