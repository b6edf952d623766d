"""What was asked when: the append-only price history and the lowest price of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.models import Listing, ListingRevision, PriceHistory
from kernel.money import Money

LOOK_BACK = timedelta(days=30)


def note_price(revision: ListingRevision, *, at: datetime) -> PriceHistory | None:
    """Write the price down when it differs from the one before; price and freight of one piece."""
    asked = revision.all_in
    before = PriceHistory.objects.newest_of(revision.listing_id)
    if before is not None and before.price_minor == asked.minor:
        return None
    return PriceHistory.objects.create(
        listing_id=revision.listing_id,
        revision=revision,
        price_minor=asked.minor,
        currency=asked.currency,
        valid_from=at,
    )


@dataclass(frozen=True, slots=True)
class RecentPrices:
    """The last thirty days: the lowest price and since when; `steps` are (instant, minor), oldest first."""

    lowest: Money
    lowest_at: datetime
    current: Money
    steps: tuple[tuple[datetime, int], ...]

    @property
    def above_lowest_permille(self) -> int:
        """How far the price of today stands above the lowest, in thousandths, rounded."""
        if self.lowest.minor == 0:
            return 0
        return round((self.current.minor - self.lowest.minor) * 1000 / self.lowest.minor)

    @property
    def changed(self) -> bool:
        return len({minor for _, minor in self.steps}) > 1


def recent_prices(listing: Listing, *, at: datetime) -> RecentPrices | None:
    """The prices in force during the last thirty days, in one statement; None when never priced."""
    return recent(list(PriceHistory.objects.of_listing(listing.pk)[:60]), at=at)


def recent(newest_first: Sequence[PriceHistory], *, at: datetime) -> RecentPrices | None:
    """What was in force: every price of the last thirty days, and the one they began with."""
    floor, in_force = at - LOOK_BACK, []
    for row in newest_first:
        if row.valid_from > at:
            continue
        in_force.append(row)
        if row.valid_from <= floor:
            break
    if not in_force:
        return None
    lowest = min(in_force, key=lambda row: (row.price_minor, -row.valid_from.timestamp()))
    return RecentPrices(
        lowest=Money(lowest.price_minor, lowest.currency),
        lowest_at=max(lowest.valid_from, floor),
        current=Money(in_force[0].price_minor, in_force[0].currency),
        steps=tuple((max(row.valid_from, floor), row.price_minor) for row in reversed(in_force)),
    )
