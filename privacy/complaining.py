"""Where a person complains about us: the authority of their place for personal data, from the law packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rulebook import current


@dataclass(frozen=True, slots=True)
class Where:
    """`name` in the reader's language, `original` in the authority's own."""

    name: str
    original: str
    url: str


def where(place: str, *, locale: str, at: datetime) -> Where | None:
    """None where no law pack of ours knows the place: then the page names no authority at all."""
    try:
        found = current.pack(place, at).authority
    except (current.PlaceUnknown, current.PlaceTooWide, current.PackNotInForce):
        return None
    return Where(found.names[locale], found.original, found.url) if found else None
