"""What sending costs, by piece or by weight and by place; pure, so card, page, cart, order and API agree.

Goods of one shop under one template travel together: their units add up and the first unit is paid once.
Goods under different templates, or with a fixed freight, travel apart and their freight adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog import destinations, import_tax
from kernel.errors import N_, Invalid
from kernel.money import LIMIT_MINOR, Money
from web.languages import said_to_reader

KINDS = ("piece", "weight")
MOST_ZONES, MOST_UNITS = 12, 1_000_000
# Ticked before a region's key: all of it.
WHOLE = "region:"
# A parcel of more than this isn't sent as a parcel.
HEAVIEST_GRAMS = 1_000_000


class FreightRefused(Invalid):
    code = "freight_refused"
    message = N_("Write whole units above zero and amounts of at least zero, for at least one place.")


class PlaceTwice(Invalid):
    code = "freight_place_twice"
    message = N_("%(place)s stands in two rows. Every place has one freight.")


class PlaceServedAndNot(Invalid):
    code = "freight_place_served_and_not"
    message = N_("%(place)s stands in a row and under “Not delivered to”. Decide for one of them.")


class WeightRefused(Invalid):
    code = "weight_refused"
    message = N_("Write the weight as whole grams from 1 to %(limit)s.")


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
class Terms:
    """`by` piece or weight (grams); where no zone names a place, nothing is sent there."""

    template: str
    by: str
    zones: tuple[Zone, ...]

    def zone(self, place: str) -> Zone | None:
        return next((each for each in self.zones if place in each.places), None)

    def price(self, units: int, goods_minor: int, place: str) -> int | None:
        """None: not delivered there. While no place is chosen, the dearest of the mainland."""
        if place:
            zone = self.zone(place)
            return zone.price(units, goods_minor) if zone else None
        inland = [each for each in self.zones if each.places & destinations.mainland()]
        return max(each.price(units, goods_minor) for each in inland or self.zones)


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
    together: dict[str, list[int]] = {}
    for number, each in enumerate(sent):
        if each.mainland_only and destinations.leaves_mainland(place):
            continue
        if each.terms is None:
            parts[number] = each.flat_minor if flat_reaches(place) else None
        else:
            together.setdefault(each.terms.template, []).append(number)
    for numbers in together.values():
        for number, part in zip(numbers, _together([sent[n] for n in numbers], place), strict=True):
            parts[number] = part
    return parts


def _together(lines: Sequence[Sent], place: str) -> list[int] | list[None]:
    """One parcel's freight, split by units; where lines froze different versions, the dearest holds."""
    units, goods = sum(each.units for each in lines), sum(each.goods_minor for each in lines)
    prices = {each.terms: each.terms.price(units, goods, place) for each in lines if each.terms}
    if any(price is None for price in prices.values()):
        return [None] * len(lines)
    whole = Money(max(price for price in prices.values() if price is not None))
    return [part.minor for part in whole.share([each.units for each in lines])]


def flat_reaches(place: str) -> bool:
    """A fixed freight holds for the mainland; beyond the customs border a template says what it costs."""
    return not place or place in destinations.mainland()


def terms_of(content: Mapping[str, Any]) -> Terms | None:
    """The template that a draft or a frozen content holds; None for a fixed freight."""
    data = content.get("freight")
    return _terms(data) if data else None


def _terms(data: Mapping[str, Any]) -> Terms:
    return Terms(
        template=str(data["template"]),
        by=data["by"],
        zones=tuple(Zone(**{**each, "places": frozenset(each["places"])}) for each in data["zones"]),
    )


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


def checked_weight(value: Any) -> int | None:
    """:raises WeightRefused:"""
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= HEAVIEST_GRAMS:
        raise WeightRefused(limit=HEAVIEST_GRAMS, field="weight")
    return value


def checked_never(raw: Sequence[str]) -> list[str]:
    """Places that a shop says it doesn't deliver to, a whole region's too.

    :raises FreightRefused:
    """
    never = sorted(set(raw) | _whole(raw))
    never = [each for each in never if not each.startswith(WHOLE)]
    if any(not destinations.known(each) for each in never):
        raise FreightRefused(field="never")
    return never


def checked_zones(raw: Sequence[Mapping[str, Any]], never: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Zones in their stored shape; a whole region is all of it that no row names and `never` doesn't.

    :raises FreightRefused: :raises PlaceTwice: :raises PlaceServedAndNot:
    """
    named = {str(place) for each in raw for place in each.get("places") or []}
    seen: set[str] = set()
    zones = [_zone(_spread(each, named | set(never)), row, seen) for row, each in enumerate(raw)]
    for row, zone in enumerate(zones):
        for place in set(zone["places"]) & set(never):
            raise PlaceServedAndNot(place=_name(place), field=f"z{row}-places")
    if not 0 < len(zones) <= MOST_ZONES:
        raise FreightRefused(field="z0-first_minor")
    return zones


def _whole(ticked: Iterable[str]) -> set[str]:
    """The places of the regions that are ticked as a whole."""
    keys = {each.removeprefix(WHOLE) for each in ticked if each.startswith(WHOLE)}
    return {place.code for region in destinations.regions() if region.key in keys for place in region.places}


def _spread(raw: Mapping[str, Any], spoken_for: set[str]) -> dict[str, Any]:
    ticked = [str(each) for each in raw.get("places") or []]
    own = {each for each in ticked if not each.startswith(WHOLE)}
    return {**raw, "places": own | (_whole(ticked) - spoken_for)}


def _name(place: str) -> str:
    return said_to_reader(lambda locale: destinations.name(place, locale))


def _zone(raw: Mapping[str, Any], row: int, seen: set[str]) -> dict[str, Any]:
    places = sorted({str(each) for each in raw.get("places") or []})
    if not places or any(not destinations.known(each) for each in places):
        raise FreightRefused(field=f"z{row}-places")
    for each in places:
        if each in seen:
            raise PlaceTwice(place=_name(each), field=f"z{row}-places")
        seen.add(each)
    units = {name: raw.get(name) for name in ("first", "further")}
    sums = {name: raw.get(name) for name in ("first_minor", "further_minor")}
    free = raw.get("free_from_minor")
    if any(type(each) is not int or not 0 < each <= MOST_UNITS for each in units.values()):
        raise FreightRefused(field=f"z{row}-first")
    if any(type(each) is not int or not 0 <= each <= LIMIT_MINOR for each in sums.values()):
        raise FreightRefused(field=f"z{row}-first_minor")
    if free is not None and (type(free) is not int or not 0 < free <= LIMIT_MINOR):
        raise FreightRefused(field=f"z{row}-free_from_minor")
    return {"places": places, **units, **sums, "free_from_minor": free}
