"""The product page, and any frozen revision of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog import access, reductions
from catalog.lifecycle import ListingState
from catalog.models import Listing, ListingRevision
from catalog.pricing import recent_prices
from catalog.stock import available, pieces
from catalog.unit_price import unit_price
from catalog.web.offer_page import credit, law, offer
from catalog.web.presenting import ledger, lowest_line, reduced, sparkline
from kernel import clock
from kernel.errors import NotFound
from privacy import remembering
from web.http import Request
from web.respond import page

MOST_AT_ONCE = 99


@require_safe
def product(request: Request, key: str) -> HttpResponse:
    """What is sold, by whom, at what price, with which rights."""
    listing, at, locale = access.public_listing(key), clock.now(), get_language() or "zh-hans"
    revision, prices = _live(listing), recent_prices(listing.pk, at=at)
    context: dict[str, Any] = {
        **offer(listing, revision, locale=locale, at=at),
        "current_category": listing.category_id,
        "credit": credit(listing.merchant, locale=locale),
        "ledger": ledger(revision),
        "low": lowest_line(prices),
        "reduced": _reduced(listing, revision, locale=locale, at=at),
        "spark": sparkline(prices),
        "unit_price": unit_price(revision.content, revision.price),
        "on_sale": listing.is_live and listing.merchant.sells,
        "suspension": access.last_suspension(listing) if listing.state == ListingState.SUSPENDED else None,
        **_shelf(listing),
    }
    answer = page(request, "catalog/product.html", context)
    return remembering.remember(request, answer, listing.pk, at=at)


def _shelf(listing: Listing) -> dict[str, int]:
    left, sold = available(listing), sum(each.sold for each in pieces(listing).values())
    return {"left": left, "sold": sold, "most": min(left, MOST_AT_ONCE)}


def _reduced(
    listing: Listing, revision: ListingRevision, *, locale: str, at: datetime
) -> dict[str, Any] | None:
    """The crossed-out price with what it stands on and the law behind it."""
    found = reduced(reductions.running([listing.pk], at=at).get(listing.pk), revision)
    return {**found, "law": law(found["rule_id"], locale=locale, at=at)} if found else None


def _live(listing: Listing) -> ListingRevision:
    if listing.live_revision is None:
        raise NotFound
    return listing.live_revision


@require_safe
def revision(request: Request, key: str, number: int) -> HttpResponse:
    """The offer as it stood: what an order or a dispute points at."""
    row, at, locale = access.public_revision(key, number), clock.now(), get_language() or "zh-hans"
    context = {
        **offer(row.listing, row, locale=locale, at=row.published_at),
        "current_category": row.content["category"],
        "ledger": ledger(row),
        "fingerprint": bytes(row.commitment).hex(),
        "is_live": row.listing.live_revision_id == row.pk and row.listing.is_live,
        "now": at,
    }
    return page(request, "catalog/revision.html", context)
