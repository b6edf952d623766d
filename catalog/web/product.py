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
from catalog.unit_price import RULE_ID
from catalog.web import gone
from catalog.web.choosing import Chosen, chosen, table
from catalog.web.offer_page import credit, images, law, offer
from catalog.web.presenting import ledger, lowest_line, reduced, sparkline, unit_line
from kernel import clock
from kernel.errors import NotFound
from privacy import remembering
from web.http import Request
from web.respond import page, wants_fragment

MOST_AT_ONCE = 99


@require_safe
def product(request: Request, key: str) -> HttpResponse:
    """What is sold, by whom, at what price, with which rights; the address says which variant."""
    listing, at, locale = access.public_listing(key), clock.now(), get_language() or "zh-hans"
    if listing.state == ListingState.SUSPENDED:
        return gone.answer(request, listing, locale=locale, at=at)
    revision = _live(listing)
    found = chosen(listing, revision, request.GET.dict(), locale=locale)
    context: dict[str, Any] = {
        **offer(listing, revision, locale=locale, at=at),
        "current_category": listing.category_id,
        "credit": credit(listing.merchant, locale=locale),
        "reduced": _reduced(listing, revision, found, locale=locale, at=at),
        "on_sale": listing.is_live and listing.merchant.sells,
        **_variant(revision, found, part=wants_fragment(request), locale=locale, at=at),
    }
    answer = page(request, "catalog/product.html", context, fragment="offer")
    return remembering.remember(request, answer, listing.pk, at=at)


def _variant(
    revision: ListingRevision, found: Chosen, *, part: bool, locale: str, at: datetime
) -> dict[str, Any]:
    """What changes with the choice: price and its history, pieces, pictures, unit price."""
    prices = recent_prices(found.offer.id, at=at) if found.offer else None
    left, priced = found.stock.available, found.offer or revision
    return {
        "found": found,
        "part": part,
        "amount": priced.all_in,
        "ledger": ledger(priced, revision.content),
        "low": lowest_line(prices),
        "spark": sparkline(prices),
        "unit_line": unit_line(revision.content, priced.price, found.choice),
        "unit_law": law(RULE_ID, locale=locale, at=at),
        "images": images(revision.content, found.offer, locale=locale),
        "left": left,
        "most": min(left, MOST_AT_ONCE),
        "sold": found.sold,
    }


def _reduced(
    listing: Listing, revision: ListingRevision, found: Chosen, *, locale: str, at: datetime
) -> dict[str, Any] | None:
    """The crossed-out price of what is chosen, with what it stands on and the law behind it."""
    row = reductions.running([listing.pk], at=at).get(listing.pk)
    if row is None or found.offer is None or row.variant_id != found.offer.id:
        return None
    shown = reduced(row, revision)
    return {**shown, "law": law(shown["rule_id"], locale=locale, at=at)} if shown else None


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
        "ledger": ledger(row, row.content),
        "variants": table(row, row.listing, locale=locale),
        "fingerprint": bytes(row.commitment).hex(),
        "is_live": row.listing.live_revision_id == row.pk and row.listing.is_live,
        "now": at,
    }
    return page(request, "catalog/revision.html", context)
