"""Prices that were really paid, for tests: noted and made void through the use cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import deals, drafting, publishing
from catalog.models import Listing, ListingRevision
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money


def a_deal(listing: Listing, price: str, *, at: datetime, variant_id: UUID | None = None) -> UUID:
    """One piece was paid at `price`, freight included; gives the reference of the line."""
    reference = new_id()
    variant = variant_id or listing.pk
    deals.note([deals.Sale(listing.pk, variant, reference, Money.parse(price))], at=at)
    return reference


def published(listing: Listing, *, at: datetime, **changes: Any) -> ListingRevision:
    """The draft changed and put on sale."""
    actor = Actor.member(new_id(), listing.merchant_id)
    drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=actor, at=at)
    return publishing.publish(listing_id=listing.pk, actor=actor, at=at)


def a_claim(was: str, *, until: str, since: str = "") -> dict[str, Any]:
    """The part of a draft that crosses a price out; days as YYYY-MM-DD."""
    return {"was_minor": Money.parse(was).minor, "basis": "lowest_deal", "from": since, "until": until}
