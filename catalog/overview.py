"""What a shop's listings still owe, all at once: what loses sales soonest stands first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from catalog import licensing, paper_grace, shortfalls
from catalog.completeness import Gap, assess
from catalog.licensing import Papers
from catalog.lifecycle import ListingState
from catalog.models import Listing
from catalog.queries import ListingQuerySet
from catalog.schema import Schema
from catalog.schemas_by_version import schema_at
from merchants.models import Merchant

LOOKED_AT = 5_000


class Consequence(IntEnum):
    """The order of the page: what happens if nothing is done."""

    GOES_OFF_SALE = 0
    CANNOT_CHANGE = 1
    STAYS_OFF_SALE = 2
    NOT_YET_ON_SALE = 3


@dataclass(frozen=True, slots=True)
class Owed:
    """A listing with what it lacks; `until` is the instant from which it is off sale."""

    listing: Listing
    gaps: tuple[Gap, ...]
    consequence: Consequence
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """`owed` by consequence and date; `fields` count what is missing most often, with its duty."""

    listings: int
    complete: int
    owed: tuple[Owed, ...]
    fields: tuple[tuple[tuple[str, str, str], int], ...]


def of(listings: ListingQuerySet, *, merchant: Merchant, at: datetime) -> Overview:
    """Assess the shop's listings: what is on sale as it is sold, everything else as it is drafted."""
    rows = list(
        listings.select_related("category", "live_revision").order_by("-draft_saved_at", "id")[:LOOKED_AT]
    )
    papers = licensing.papers_of(merchant, at=at)
    ends = _ends(rows) | {
        licensing.field_of(each.kind): each.due_at for each in paper_grace.open_notices(merchant.pk)
    }
    found = [owed for row in rows if (owed := _owed(row, ends, papers)) is not None]
    found.sort(key=lambda each: (each.consequence, each.until or each.listing.draft_saved_at))
    counted = Counter((gap.field, gap.label, gap.duty) for owed in found for gap in owed.gaps)
    return Overview(len(rows), len(rows) - len(found), tuple(found), tuple(counted.most_common(10)))


def _ends(rows: Iterable[Listing]) -> dict[str, datetime]:
    """Category → when its time of grace ends for this shop, the nearest one."""
    merchants = {row.merchant_id for row in rows}
    ends: dict[str, datetime] = {}
    for merchant in merchants:
        for notice in shortfalls.open_notices(merchant):
            ends.setdefault(notice.change.category_id, notice.due_at)
    return ends


def _owed(listing: Listing, ends: dict[str, datetime], papers: Papers) -> Owed | None:
    """`ends` holds the categories, and the fields of papers, whose time of grace runs."""
    live = listing.live_revision if listing.is_live else None
    schema, said = _schema(listing), live.content if live else listing.draft
    gaps = (*assess(schema, said).gaps, *licensing.missing(schema, said, papers=papers))
    if not gaps:
        return None
    if live is None:
        off = listing.state in (ListingState.WITHDRAWN, ListingState.SUSPENDED)
        return Owed(listing, gaps, Consequence.STAYS_OFF_SALE if off else Consequence.NOT_YET_ON_SALE)
    until = min(
        (ends[each] for each in (listing.category_id, *(gap.field for gap in gaps)) if each in ends),
        default=None,
    )
    return Owed(listing, gaps, Consequence.GOES_OFF_SALE if until else Consequence.CANNOT_CHANGE, until)


def _schema(listing: Listing) -> Schema:
    return schema_at(listing.category_id, listing.category.schema_version)
