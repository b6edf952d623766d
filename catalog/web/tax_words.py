"""Tax by destination in words: what the price holds, what isn't reckoned, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog import destinations
from kernel.errors import N_
from kernel.money import Money, total
from law.import_tax import Standing, Tax
from rulebook import queries, wording

Part = dict[str, Any]
NOT_RECKONED = N_(
    "Tax and duty of %(place)s aren't reckoned here and aren't in the sum; the carrier may ask you for them."
)


def row(taxes: Iterable[Tax]) -> Part | None:
    """The ledger's line for what the goods hold of import tax; None where they hold none."""
    held = [each for each in taxes if each.standing == Standing.IN_PRICE and each.amount is not None]
    if not held:
        return None
    rates = sorted({each.rate for each in held})
    sums = [each.amount for each in held if each.amount is not None]
    note = _("included, %(rate)s%%, estimated") % {"rate": "%, ".join(rates)}
    return {"label": _("Import tax"), "note": note, "amount": total(sums)}


def arrival(tax: Tax, place: str, *, at: datetime) -> Part | None:
    """What a buyer beyond the mainland is told, with every rule that is known; None within it."""
    if tax.standing != Standing.ON_ARRIVAL:
        return None
    locale = wording.locale()
    rules = [queries.citation(each, locale, at=at) for each in tax.rules]
    return {"text": _(NOT_RECKONED) % {"place": destinations.name(place, locale)}, "rules": rules}


def of_frozen(kept: Mapping[str, Any]) -> Tax:
    """As an order froze it; what was ordered before says nothing, which is: no border."""
    amount = kept.get("amount_minor")
    return Tax(
        Standing(kept.get("standing", Standing.PAID)),
        tuple(kept.get("rules", ())),
        str(kept.get("pack", "")),
        str(kept.get("rate", "")),
        None if amount is None else Money(amount),
    )
