"""A freight table in words: what it costs to which places, and where nothing is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import destinations
from catalog.schema import in_language
from kernel.errors import N_
from kernel.money import Money
from web.formats import money_text

Part = dict[str, Any]
RULE = N_(
    "Goods of one shop under one template travel together: their pieces or grams add up and the first unit is"
    " paid once. Goods under different templates, or with a fixed freight, travel apart."
)


def rule() -> str:
    """How the freight of several goods adds up."""
    return _(RULE)


def places(codes: Collection[str], *, locale: str) -> str:
    """ "East China, Hunan": whole regions by their own name."""
    names = []
    for region in destinations.regions():
        there = [each for each in region.places if each.code in codes]
        if len(there) == len(region.places):
            names.append(in_language(region.names, locale))
        else:
            names += [in_language(each.names, locale) for each in there]
    return ("、" if locale.startswith("zh") else ", ").join(names)


def lines(terms: Mapping[str, Any], *, locale: str) -> list[Part]:
    """One line for each zone: its places, its price, from when it is free."""
    return [
        {
            "places": places(zone["places"], locale=locale),
            "price": _price(zone, terms["by"]),
            "free": Money(zone["free_from_minor"]) if zone["free_from_minor"] else None,
        }
        for zone in terms["zones"]
    ]


def express(terms: Mapping[str, Any], *, locale: str) -> Part | None:
    """The faster way: when it is there and what it costs where; None where none is offered."""
    fast = terms.get("express")
    if not fast:
        return None
    zones = lines({"by": terms["by"], "zones": fast["zones"]}, locale=locale)
    return {"days": fast["days"], "promise": within(fast["days"]), "lines": zones}


def within(days: int) -> str:
    said = ngettext("there within %(n)s day of payment", "there within %(n)s days of payment", days)
    return said % {"n": days}


def elsewhere(terms: Mapping[str, Any], *, locale: str) -> str:
    """The places that no zone names: nothing is sent there."""
    named = {each for zone in terms["zones"] for each in zone["places"]}
    return places(set(destinations.places()) - named, locale=locale)


def _price(zone: Mapping[str, Any], by: str) -> str:
    first = _("%(sum)s for %(units)s") % {
        "sum": money_text(Money(zone["first_minor"])),
        "units": _units(zone["first"], by),
    }
    if not zone["further_minor"]:
        return first
    return _("%(first)s, then %(sum)s for each further %(units)s") % {
        "first": first,
        "sum": money_text(Money(zone["further_minor"])),
        "units": _units(zone["further"], by),
    }


def _units(number: int, by: str) -> str:
    if by == "weight":
        return _("%(n)s g") % {"n": number}
    return ngettext("%(n)s piece", "%(n)s pieces", number) % {"n": number}
