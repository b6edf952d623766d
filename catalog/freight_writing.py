"""What a shop may write as freight: places, units and sums in their stored shape, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog import destinations
from kernel.errors import N_, Invalid
from kernel.money import LIMIT_MINOR
from web.languages import said_to_reader

KINDS = ("piece", "weight")
MOST_ZONES, MOST_UNITS = 12, 1_000_000
# Ticked before a region's key: all of it.
WHOLE = "region:"
# The slowest that may be called express, in days from payment.
MOST_DAYS = 30
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


class ExpressDaysRefused(Invalid):
    code = "express_days_refused"
    message = N_("Write within how many days of payment express arrives: a whole number from 1 to %(limit)s.")


class WeightRefused(Invalid):
    code = "weight_refused"
    message = N_("Write the weight as whole grams from 1 to %(limit)s.")


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


def checked_express(
    days: Any, raw: Sequence[Mapping[str, Any]], never: Sequence[str] = ()
) -> dict[str, Any] | None:
    """The faster way in its stored shape; None where nothing was written of it.

    :raises ExpressDaysRefused: :raises FreightRefused: :raises PlaceTwice: :raises PlaceServedAndNot:
    """
    if days is None and not raw:
        return None
    if type(days) is not int or not 0 < days <= MOST_DAYS:
        raise ExpressDaysRefused(limit=MOST_DAYS, field="express_days")
    return {"days": days, "zones": checked_zones(raw, never, row_name="x")}


def checked_zones(
    raw: Sequence[Mapping[str, Any]], never: Sequence[str] = (), *, row_name: str = "z"
) -> list[dict[str, Any]]:
    """Zones in their stored shape; a whole region is all of it that no row names and `never` doesn't.

    `row_name` begins the names of a row's fields.
    :raises FreightRefused: :raises PlaceTwice: :raises PlaceServedAndNot:
    """
    named = {str(place) for each in raw for place in each.get("places") or []}
    seen: set[str] = set()
    rows = [(f"{row_name}{number}", each) for number, each in enumerate(raw)]
    zones = [_zone(_spread(each, named | set(never)), row, seen) for row, each in rows]
    for (row, _each), zone in zip(rows, zones, strict=True):
        for place in set(zone["places"]) & set(never):
            raise PlaceServedAndNot(place=_name(place), field=f"{row}-places")
    if not 0 < len(zones) <= MOST_ZONES:
        raise FreightRefused(field=f"{row_name}0-first_minor")
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


def _zone(raw: Mapping[str, Any], row: str, seen: set[str]) -> dict[str, Any]:
    places = sorted({str(each) for each in raw.get("places") or []})
    if not places or any(not destinations.known(each) for each in places):
        raise FreightRefused(field=f"{row}-places")
    for each in places:
        if each in seen:
            raise PlaceTwice(place=_name(each), field=f"{row}-places")
        seen.add(each)
    units = {name: raw.get(name) for name in ("first", "further")}
    sums = {name: raw.get(name) for name in ("first_minor", "further_minor")}
    free = raw.get("free_from_minor")
    if any(type(each) is not int or not 0 < each <= MOST_UNITS for each in units.values()):
        raise FreightRefused(field=f"{row}-first")
    if any(type(each) is not int or not 0 <= each <= LIMIT_MINOR for each in sums.values()):
        raise FreightRefused(field=f"{row}-first_minor")
    if free is not None and (type(free) is not int or not 0 < free <= LIMIT_MINOR):
        raise FreightRefused(field=f"{row}-free_from_minor")
    return {"places": places, **units, **sums, "free_from_minor": free}
