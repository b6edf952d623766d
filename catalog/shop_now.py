"""What putting offers on sale asks about their shop: once for several, and true while they go on sale."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from uuid import UUID

from catalog import licensing
from catalog.licensing import Papers
from catalog.lifecycle import ListingState
from catalog.models import Listing
from merchants.models import Merchant

# How many of a shop's newest offers of the same kind a title is held against.
NEWEST = 200
Title = tuple[datetime, UUID, str]


class ShopNow:
    """The shop as the database has it, and with what has gone on sale since and isn't written yet."""

    def __init__(self, merchant: Merchant, *, at: datetime) -> None:
        self.merchant, self.at = merchant, at
        self._more_live = self._more_ever = 0
        # Who has proved which brand, as `brand_direct.doubts` asks.
        self.brands: dict[tuple[str, str], set[UUID]] = {}
        self._titles: dict[str, list[Title]] = {}

    @property
    def live(self) -> int:
        """How many listings are on sale."""
        return self._live_before + self._more_live

    @property
    def ever_on_sale(self) -> int:
        """How many are or were on sale."""
        return self._ever_before + self._more_ever

    @cached_property
    def papers(self) -> Papers:
        return licensing.papers_of(self.merchant, at=self.at)

    def titles(self, category: str, *, besides: UUID) -> list[str]:
        """What its newest offers of this kind are called."""
        newest = self._newest(category)
        return [title for _published, pk, title in newest if pk != besides][:NEWEST]

    def goes_on_sale(self, listing: Listing) -> None:
        """From here on it counts, though it isn't written yet."""
        self._more_live += not listing.is_live
        self._more_ever += listing.live_revision_id is None
        if listing.category_id in self._titles:
            row = (listing.published_at or self.at, listing.pk, listing.working_title)
            rest = [each for each in self._newest(listing.category_id) if each[1] != listing.pk]
            self._titles[listing.category_id] = sorted([row, *rest], reverse=True)[: NEWEST + 1]

    @cached_property
    def _live_before(self) -> int:
        return Listing.objects.of_merchant(self.merchant.pk).filter(state=ListingState.LIVE).count()

    @cached_property
    def _ever_before(self) -> int:
        return Listing.objects.of_merchant(self.merchant.pk).filter(live_revision__isnull=False).count()

    def _newest(self, category: str) -> list[Title]:
        if category not in self._titles:
            rows = Listing.objects.of_merchant(self.merchant.pk).filter(
                category_id=category, state=ListingState.LIVE
            )
            told = rows.order_by("-published_at", "-id").values_list("published_at", "pk", "working_title")
            # One more, since an offer isn't held against itself.
            self._titles[category] = [(since, pk, name) for since, pk, name in told[: NEWEST + 1] if since]
        return self._titles[category]
