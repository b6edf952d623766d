"""The demonstration's texts, read from content/ and made ready for the use cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from catalog import promises
from catalog.categories import schema_files
from catalog.schema import Schema, read

FOLDER = Path(__file__).parent / "content"
PICTURES = Path(__file__).parent.parent / "web" / "static" / "pictures"
DEFAULT_DISPATCH_HOURS = 48


@dataclass(frozen=True, slots=True)
class Goods:
    """One listing of one shop; `draft` ones never go on sale."""

    shop: str
    code: str
    category: str
    changes: Mapping[str, Any]
    stock: int
    draft: bool
    exclusion: str
    dispatch_hours: int
    # Kinds of documents without which it may not be sold.
    licences: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.shop}/{self.code}"

    @property
    def price_minor(self) -> int:
        return int(self.changes["price_minor"])


@dataclass(frozen=True, slots=True)
class Shop:
    """`facts` is the merchant's row of the file; `behaviour` steers the script and is never shown."""

    slug: str
    facts: Mapping[str, Any]
    goods: tuple[Goods, ...]

    @property
    def behaviour(self) -> Mapping[str, float]:
        return dict(self.facts["behaviour"])

    @property
    def is_new(self) -> bool:
        return bool(self.facts["intended_grade"] == "N")

    @property
    def on_sale(self) -> tuple[Goods, ...]:
        return tuple(goods for goods in self.goods if not goods.draft)


@dataclass(frozen=True)
class Content:
    """Everything that is played, with dates moved so that the first day is `first`."""

    first: date

    @cached_property
    def shops(self) -> dict[str, Shop]:
        rows = _read(FOLDER / "merchants.json")["merchants"]
        return {row["slug"]: Shop(row["slug"], row, self._goods(row["slug"])) for row in rows}

    @cached_property
    def private(self) -> dict[str, Shop]:
        """People who sell used things of their own; they are shoppers as well."""
        found = (_read(path) for path in sorted((FOLDER / "private").glob("*.json")))
        shops = ((each["seller"], self._listed(each, each["seller"]["slug"])) for each in found)
        return {facts["slug"]: Shop(facts["slug"], facts, goods) for facts, goods in shops}

    def seller(self, slug: str) -> Shop:
        """A shop or a private person. :raises KeyError:"""
        return self.private[slug] if slug in self.private else self.shops[slug]

    @cached_property
    def goods(self) -> dict[str, Goods]:
        sellers = (*self.shops.values(), *self.private.values())
        return {goods.key: goods for seller in sellers for goods in seller.goods}

    @cached_property
    def shoppers(self) -> dict[str, Mapping[str, Any]]:
        return {row["key"]: row for row in _read(FOLDER / "people.json")["people"]}

    @cached_property
    def staff(self) -> list[Mapping[str, Any]]:
        return list(_read(FOLDER / "people.json")["staff"])

    @cached_property
    def stories(self) -> Mapping[str, Any]:
        return dict(_read(FOLDER / "stories.json"))

    @cached_property
    def sets(self) -> list[Mapping[str, Any]]:
        """What shops sell together: codes of their goods, and a price."""
        return list(_read(FOLDER / "sets.json")["sets"])

    def _goods(self, slug: str) -> tuple[Goods, ...]:
        return self._listed(_read(FOLDER / "listings" / f"{slug}.json"), slug)

    def _listed(self, found: Mapping[str, Any], slug: str) -> tuple[Goods, ...]:
        shift = self.first - date.fromisoformat(found["written_for"])
        return tuple(_one(slug, row, shift) for row in found["listings"])


def _one(slug: str, row: Mapping[str, Any], shift: timedelta) -> Goods:
    terms = row["terms"]
    changes = {
        "title": row["title"],
        "description": row["description"],
        "attributes": {key: _moved(value, shift) for key, value in row["attributes"].items()},
        "price_minor": row["price_minor"],
        "freight_minor": row["freight_minor"],
        "images": [row["picture"]],
        "terms": terms,
    }
    hours = promises.dispatch_hours(terms) or DEFAULT_DISPATCH_HOURS
    draft = bool(row.get("draft"))
    exclusion = terms.get("excludes_return") or ""
    demanded = _schemas()[row["category"]].licences_for(changes["attributes"])
    licences = tuple(each.kind for each in demanded)
    return Goods(slug, row["code"], row["category"], changes, row["stock"], draft, exclusion, hours, licences)


@cache
def _schemas() -> dict[str, Schema]:
    return {each["slug"]: read(each) for each in schema_files()}


def _moved(value: Any, shift: timedelta) -> Any:
    """A date attribute, moved along with the demonstration's first day; anything else as it is."""
    if not isinstance(value, str) or len(value) != 10:
        return value
    try:
        return (date.fromisoformat(value) + shift).isoformat()
    except ValueError:
        return value


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
