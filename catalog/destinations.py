"""Places that goods are sent to: provinces and countries by region, as ISO 3166 names them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.schema import Names, in_language

FILE = Path(__file__).parent / "data" / "destinations.json"
# Behind a customs border: a freight said for "everywhere" doesn't mean these.
CUSTOMS = "customs"
HOME_WORDS = ("中国", "中國", "china")


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
    return frozenset(
        each.code for each in places().values() if each.region != CUSTOMS and not is_country(each.code)
    )


def is_country(code: str) -> bool:
    """Another country, and not a place of China."""
    return bool(code) and "-" not in code


def leaves_mainland(code: str) -> bool:
    """Whether goods pass customs on their way there; "" is the mainland, wherever in it."""
    return bool(code) and code not in mainland()


def known(code: str) -> str:
    """The code of a place that there is; else "", which means: not chosen yet."""
    return code if code in places() else ""


def name(code: str, locale: str) -> str:
    place = places().get(code)
    return in_language(place.names, locale) if place else ""


def fits(address: str, chosen: str) -> bool:
    """Whether an address can lie in the chosen place; one that names no place can.

    While none was chosen, sums are for the mainland.
    """
    parts = _parts(address)
    named = _named(parts)
    if named:
        return named == chosen if chosen else not leaves_mainland(named)
    return not (is_country(chosen) and _says_home(parts))


def _parts(address: str) -> list[str]:
    """Chinese writes country and province first; elsewhere the country stands by itself at the end."""
    return [each for line in re.split(r"[,，;；\n]", address) if (each := line.strip(" .").casefold())]


def _says_home(parts: list[str]) -> bool:
    return bool(parts) and (parts[-1] in HOME_WORDS or parts[0].startswith(HOME_WORDS[:2]))


def _named(parts: list[str]) -> str:
    """The code of the place that is named first, or by itself at the end; "" where none is."""
    if not parts:
        return ""
    first = re.sub(rf"^({'|'.join(HOME_WORDS)})", "", parts[0]).strip()
    rest = [each for each in parts if each not in HOME_WORDS] or [first]
    for each in places().values():
        words = {word.casefold() for word in each.names.values()}
        if any(_ends(rest[-1], word) or _begins(first or rest[0], word, each.code) for word in words):
            return each.code
    return ""


def _ends(text: str, word: str) -> bool:
    """By itself, or with a post code after it: “Singapore 238859”."""
    return re.fullmatch(rf"{re.escape(word)}( [0-9]+)?", text) is not None


def _begins(text: str, word: str, code: str) -> bool:
    """Chinese is written together with what follows; a street may be called after a country in Latin."""
    if not word.isascii():
        return text.startswith(word)
    return text == word or (not is_country(code) and text.startswith(f"{word} "))
