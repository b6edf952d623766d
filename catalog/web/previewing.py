"""The draft as a page: the same parts that buyers will see, before anything is frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from catalog.completeness import assess
from catalog.contents import freeze
from catalog.models import Listing, ListingRevision
from catalog.schema import schema_of
from catalog.web.offer_page import offer
from catalog.web.presenting import ledger


def page_of(listing: Listing, *, locale: str, at: datetime) -> dict[str, Any]:
    """What the product page would show; without an offer while something is missing."""
    schema = schema_of(listing.category.schema)
    report = assess(schema, listing.draft)
    if not report.complete:
        return {"listing": listing, "missing": [gap.label_in(locale) for gap in report.gaps]}
    content = freeze(schema, listing.draft, listing_id=listing.pk, code=listing.code, barcode=listing.barcode)
    revision = ListingRevision(
        listing=listing,
        number=0,
        content=content,
        price_minor=content["price_minor"],
        freight_minor=content["freight_minor"],
        currency=content["currency"],
        published_at=at,
    )
    return {**offer(listing, revision, locale=locale, at=at), "ledger": ledger(revision), "missing": []}
