"""What sending costs, by piece or by weight and by place; pure, so card, page, cart, order and API agree.

Goods of one shop under one template travel together: their units add up and the first unit is paid once.
Goods under different templates, or with a fixed freight, travel apart and their freight adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import destinations, import_tax
from catalog.freight_writing import HEAVIEST_GRAMS as HEAVIEST_GRAMS
from catalog.freight_writing import KINDS as KINDS
from catalog.freight_writing import MOST_DAYS as MOST_DAYS
from catalog.freight_writing import MOST_UNITS as MOST_UNITS
from catalog.freight_writing import MOST_ZONES as MOST_ZONES
from catalog.freight_writing import WHOLE as WHOLE
from catalog.freight_writing import ExpressDaysRefused as ExpressDaysRefused
from catalog.freight_writing import FreightRefused as FreightRefused
from catalog.freight_writing import PlaceServedAndNot as PlaceServedAndNot
from catalog.freight_writing import PlaceTwice as PlaceTwice
from catalog.freight_writing import WeightRefused as WeightRefused
from catalog.freight_writing import checked_express as checked_express
from catalog.freight_writing import checked_never as checked_never
from catalog.freight_writing import checked_weight as checked_weight
from catalog.freight_writing import checked_zones as checked_zones
from kernel.money import Money


@dataclass(frozen=True, slots=True)
class Zone:
    """`first` units cost `first_minor`, every further `further` begun cost `further_minor`."""

    places: frozenset[str]
    first: int
    first_minor: int
    further: int
    further_minor: int
    free_from_minor: int | None = None

    def price(self, units: int, goods_minor: int) -> int:
        """In minor units, for so many pieces or grams of goods worth `goods_minor`."""
        if self.free_from_minor is not None and goods_minor >= self.free_from_minor:
            return 0
        steps = -(-max(0, units - self.first) // self.further)
        return self.first_minor + steps * self.further_minor


@dataclass(frozen=True, slots=True)
class Express:
    """The faster way with its own zones: there within `days` of payment, or its surcharge goes back."""

    days: int
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """`by` piece or weight (grams); where no zone names a place, nothing is sent there."""

    template: str
    by: str
    zones: tuple[Zone, ...]
    express: Express | None = None

    def zone(self, place: str) -> Zone | None:
        """Of the standard way."""
        return next((each for each in self.zones if place in each.places), None)

    def price(self, units: int, goods_minor: int, place: str, *, express: bool = False) -> int | None:
        """None: not delivered there. While no place is chosen, the dearest of the mainland."""
        zones = self.zones if not express else self.express.zones if self.express else ()
        if place:
            zone = next((each for each in zones if place in each.places), None)
            return zone.price(units, goods_minor) if zone else None
        inland = [each for each in zones if each.places & destinations.mainland()]
        return max((each.price(units, goods_minor) for each in inland or zones), default=None)


@dataclass(frozen=True, slots=True)
class Sent:
    """So many pieces of one variant in one order; `terms` None means `flat_minor`, whatever the number."""

    terms: Terms | None
    flat_minor: int
    pieces: int
    grams: int
    goods_minor: int
    # A retail import: its price holds the mainland's import tax, so it goes nowhere else.
    mainland_only: bool = False

    @property
    def units(self) -> int:
        weighs = self.terms is not None and self.terms.by == "weight"
        return self.grams * self.pieces if weighs else self.pieces


def of_order(sent: Sequence[Sent], place: str) -> list[int | None]:
    """Each line's part of what one shop's parcels cost to `place`, in minor units; None: not sent there."""
    parts: list[int | None] = [None] * len(sent)
    for number, each in enumerate(sent):
        if each.terms is None and not _kept_in(each, place) and flat_reaches(place):
            parts[number] = each.flat_minor
    for numbers in _parcels(sent, place).values():
        lines = [sent[number] for number in numbers]
        whole = _parcel_price(lines, place)
        if whole is not None:
            for number, part in zip(numbers, _split(whole, lines), strict=True):
                parts[number] = part
    return parts


def express_more(sent: Sequence[Sent], place: str) -> list[int] | None:
    """What express costs each line on top of the standard way, in minor units, never below zero.

    None: one of these lines can't go by express to `place`, so the order as a whole can't.
    """
    more = [0] * len(sent)
    if not all(each.terms and each.terms.express and not _kept_in(each, place) for each in sent):
        return None
    for numbers in _parcels(sent, place).values():
        lines = [sent[number] for number in numbers]
        plain, fast = _parcel_price(lines, place), _parcel_price(lines, place, express=True)
        if plain is None or fast is None:
            return None
        for number, part in zip(numbers, _split(max(0, fast - plain), lines), strict=True):
            more[number] = part
    return more


def express_days(sent: Iterable[Sent]) -> int:
    """The slowest of their promises, in days from payment; 0 where there is none."""
    express = [each.terms.express for each in sent if each.terms]
    return max((each.days for each in express if each), default=0)


def _kept_in(sent: Sent, place: str) -> bool:
    return sent.mainland_only and destinations.leaves_mainland(place)


def _parcels(sent: Sequence[Sent], place: str) -> dict[str, list[int]]:
    """The numbers of the lines that travel under one template."""
    together: dict[str, list[int]] = {}
    for number, each in enumerate(sent):
        if each.terms is not None and not _kept_in(each, place):
            together.setdefault(each.terms.template, []).append(number)
    return together


def _parcel_price(lines: Sequence[Sent], place: str, *, express: bool = False) -> int | None:
    """One parcel's freight; where lines froze different versions, the dearest holds."""
    units, goods = sum(each.units for each in lines), sum(each.goods_minor for each in lines)
    terms = {each.terms for each in lines if each.terms}
    prices = [each.price(units, goods, place, express=express) for each in terms]
    if any(price is None for price in prices):
        return None
    return max(price for price in prices if price is not None)


def _split(whole: int, lines: Sequence[Sent]) -> list[int]:
    return [part.minor for part in Money(whole).share([each.units for each in lines])]


def flat_reaches(place: str) -> bool:
    """A fixed freight holds for the mainland; beyond the customs border a template says what it costs."""
    return not place or place in destinations.mainland()


def terms_of(content: Mapping[str, Any]) -> Terms | None:
    """The template that a draft or a frozen content holds; None for a fixed freight."""
    data = content.get("freight")
    return _terms(data) if data else None


def _terms(data: Mapping[str, Any]) -> Terms:
    express = data.get("express")
    return Terms(
        template=str(data["template"]),
        by=data["by"],
        zones=_zones(data["zones"]),
        express=Express(express["days"], _zones(express["zones"])) if express else None,
    )


def _zones(rows: Iterable[Mapping[str, Any]]) -> tuple[Zone, ...]:
    return tuple(Zone(**{**each, "places": frozenset(each["places"])}) for each in rows)


def grams_of(content: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """A variant's weight: its own, else the listing's."""
    return row.get("weight_grams") or content.get("weight_grams")


def weight_missing(content: Mapping[str, Any]) -> bool:
    """Whether freight goes by weight and a variant says none."""
    terms = terms_of(content)
    if terms is None or terms.by != "weight":
        return False
    return not all(grams_of(content, row) for row in content.get("variants") or [{}])


def of_one(content: Mapping[str, Any], grams: int | None, price_minor: int, place: str) -> int | None:
    """One piece alone to `place`, in minor units; None: not sent there, or its weight isn't known."""
    terms, flat = terms_of(content), int(content.get("freight_minor") or 0)
    if terms is not None and terms.by == "weight" and not grams:
        return None
    sent = Sent(terms, flat, 1, grams or 0, price_minor, import_tax.is_retail_import(content))
    return of_order([sent], place)[0]


def shown(content: Mapping[str, Any]) -> int | None:
    """The freight of the cheapest variant while no place is chosen: what goes into `freight_minor`."""
    own = content.get("price_minor") or 0
    rows = content.get("variants") or [{}]
    cheapest = min(rows, key=lambda row: row.get("price_minor") or own)
    return of_one(content, grams_of(content, cheapest), cheapest.get("price_minor") or own, "")
