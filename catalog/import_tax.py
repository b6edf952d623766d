"""The tax of an offer by where it goes: by the rate that its seller states, and the law of that place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog import destinations
from kernel.money import Money
from law import import_tax
from law.import_tax import NOTHING_MORE, Tax
from law.rules import Pack
from rulebook import current

WHOLE = 100
# Where the law's own code differs from the one of the post.
LAW_OF = {"GB": "UK", "CN-HK": "HK", "CN-TW": "TW"}


def is_retail_import(content: Mapping[str, Any]) -> bool:
    """Whether it comes from abroad or a bonded store; its price then holds the mainland's import tax."""
    return bool((content.get("attributes") or {}).get("supply_route"))


def stated_rate(content: Mapping[str, Any]) -> Decimal | None:
    """The seller's rate in per cent; None for goods that cross no border or state none that could be."""
    stated = (content.get("attributes") or {}).get("import_tax_rate")
    if not is_retail_import(content) or not isinstance(stated, dict):
        return None
    try:
        rate = Decimal(str(stated.get("value")))
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and 0 < rate <= WHOLE else None


def tax_on(content: Mapping[str, Any], goods: Money, place: str, *, at: datetime) -> Tax:
    """Of one line's goods, sent to `place`; "" is the mainland. Nothing is added to the price."""
    if destinations.leaves_mainland(place):
        return import_tax.on_arrival(pack=law_of(place, at), at=at)
    rate = stated_rate(content)
    if rate is None:
        return NOTHING_MORE
    return import_tax.retail_import(pack=current.pack(current.HOME, at), goods=goods, rate=rate, at=at)


def law_of(place: str, at: datetime) -> Pack | None:
    """The law of a place beyond the mainland; None where none is loaded."""
    try:
        return current.pack(LAW_OF.get(place, place), at)
    except (current.PlaceUnknown, current.PlaceTooWide, current.PackNotInForce):
        return None
