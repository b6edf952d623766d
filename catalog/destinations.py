"""Places that goods are sent to: provinces by region, as ISO 3166-2 names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.schema import Names, in_language

FILE = Path(__file__).parent / "data" / "destinations.json"
# Behind a customs border: a freight said for "everywhere" doesn't mean these.
CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    names: Names
    region: str


@dataclass(frozen=True, slots=True)
class Region:
    key: str
    names: Names
    places: tuple[Place, ...]


@cache
def regions() -> tuple[Region, ...]:
    """All of them in the order of the list; read once per process."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["regions"]
    return tuple(
        Region(
            row["key"],
            row["names"],
            tuple(Place(each["code"], each["names"], row["key"]) for each in row["places"]),
        )
        for row in rows
    )


@cache
def places() -> Mapping[str, Place]:
    return {each.code: each for region in regions() for each in region.places}


@cache
def mainland() -> frozenset[str]:
    """Where goods go without passing customs."""
    return frozenset(each.code for each in places().values() if each.region != CUSTOMS)


def known(code: str) -> str:
    """The code of a place that there is; else "", which means: not chosen yet."""
    return code if code in places() else ""


def name(code: str, locale: str) -> str:
    place = places().get(code)
    return in_language(place.names, locale) if place else ""


def begins_with(address: str) -> str:
    """The place whose name an address begins with; "" where it names none first."""
    text = address.strip().removeprefix("中国").removeprefix("中國").strip()
    for each in places().values():
        if any(text.casefold().startswith(word.casefold()) for word in each.names.values()):
            return each.code
    return ""
