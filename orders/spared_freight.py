"""Freight that was free from a sum on which what is kept no longer reaches; pure, in whole minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.freight import Terms


@dataclass(frozen=True, slots=True)
class Travelled:
    """One line that travelled under a template: units (pieces or grams) of one piece, and how many pieces."""

    line_id: UUID
    terms: Terms
    units: int
    quantity: int


def owed(
    lines: Sequence[Travelled],
    place: str,
    *,
    kept: Mapping[UUID, int],
    counted: Mapping[UUID, int],
    bought: Mapping[UUID, int],
) -> int:
    """What sending only the `kept` pieces would have cost, where all of it went free for its sum.

    `bought` and `counted` are goods' sums by line: of the whole order, and of what counts as kept.
    """
    together: dict[str, list[Travelled]] = {}
    for each in lines:
        together.setdefault(each.terms.template, []).append(each)
    return sum(_of_parcel(each, place, kept, counted, bought) for each in together.values())


def _of_parcel(
    lines: Sequence[Travelled],
    place: str,
    kept: Mapping[UUID, int],
    counted: Mapping[UUID, int],
    bought: Mapping[UUID, int],
) -> int:
    pieces = sum(kept[each.line_id] for each in lines)
    whole, rest = (sum(sums[each.line_id] for each in lines) for sums in (bought, counted))
    zones = [zone for each in lines if (zone := each.terms.zone(place)) is not None]
    free = [zone for zone in zones if zone.free_from_minor is not None and whole >= zone.free_from_minor]
    if not pieces or not zones or len(free) < len(zones):
        return 0
    units = sum(each.units * kept[each.line_id] for each in lines)
    return min(zone.price(units, rest) for zone in free)
