"""What the catalogue does after facts: its own and those of lower floors."""

from __future__ import annotations

from datetime import datetime

from catalog import shortfalls
from catalog.deadlines import GRACE
from catalog.events import ListingPublished, ListingSuspended, ListingWithdrawn, SchemaInForce
from catalog.models import Listing

OUTCOMES = {GRACE: shortfalls.on_grace_over}


def on_schema_in_force(event: SchemaInForce, *, at: datetime) -> None:
    shortfalls.tell_shops(change_id=event.change_id, at=at)


def on_listing_changed(
    event: ListingPublished | ListingWithdrawn | ListingSuspended, *, at: datetime
) -> None:
    """Completed or gone: a shop with nothing left that falls short hears no more of it."""
    listing = Listing.objects.only("category_id").get(pk=event.listing_id)
    shortfalls.close_if_met(merchant_id=event.merchant_id, category=listing.category_id, at=at)
