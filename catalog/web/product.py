"""The product page, and any frozen revision of it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog import (
    access,
    campaign_prices,
    fingerprints,
    import_tax,
    offers,
    reductions,
    set_shelf,
    stock_alerts,
)
from catalog.lifecycle import ListingState
from catalog.models import Listing, ListingRevision
from catalog.pricing import recent_of
from catalog.schema import in_language
from catalog.unit_price import RULE_ID
from catalog.web import freight_words, gone, sending_to, tax_words
from catalog.web.choosing import PREFIX, VARIANT, Chosen, chosen, table
from catalog.web.offer_page import credit, images, law, offer, promised
from catalog.web.presenting import ledger, lowest_line, reduced, sparkline, unit_line
from kernel import clock
from kernel.errors import NotFound
from privacy import remembering
from rulebook import shelf, texts
from web import kept_pages
from web.http import Request
from web.respond import page, wants_fragment

MOST_AT_ONCE = 99


class _Gone(Exception):
    """The platform took it off sale: another page, which is never kept."""

    def __init__(self, listing: Listing) -> None:
        super().__init__(listing.pk)
        self.listing = listing


@require_safe
def product(request: Request, key: str) -> HttpResponse:
    """What is sold, by whom, at what price, with which rights; the address says which variant."""
    listing_id, at = access.key_of(key), clock.now()
    try:
        answer = kept_pages.page(
            request,
            "catalog/product.html",
            partial(_build, request, listing_id, at=at),
            key=lambda: _key(request, fingerprints.of_offer(listing_id, at=at), at),
            fragment="offer",
        )
    except _Gone as taken:
        return gone.answer(request, taken.listing, locale=get_language() or "zh-hans", at=at)
    return remembering.remember(request, answer, listing_id, at=at)


def _key(request: Request, digest: bytes | None, at: datetime) -> Hashable:
    """State of the offer, law and choice: all that the page shows of this instant."""
    asked = [each for each in request.GET.items() if each[0] == VARIANT or each[0].startswith(PREFIX)]
    return digest, tuple(sorted(asked)), shelf.edition(at)


def _build(request: Request, listing_id: UUID, *, at: datetime) -> tuple[Hashable, dict[str, Any]]:
    listing, digest = fingerprints.offer(listing_id, at=at)
    if listing.state == ListingState.SUSPENDED:
        raise _Gone(listing)
    revision, locale = _live(listing), get_language() or "zh-hans"
    found = chosen(listing, revision, request.GET.dict(), locale=locale)
    place = sending_to.of(request)
    return _key(request, digest, at), {
        **offer(listing, revision, locale=locale, at=at),
        "current_category": listing.category_id,
        "credit": credit(listing.merchant, locale=locale),
        "reduced": _reduced(listing, revision, found, place, locale=locale, at=at),
        "campaign": _campaign(listing, revision, found, place, locale=locale, at=at),
        "on_sale": listing.is_live and listing.merchant.sells,
        **_prices(listing, found, at=at),
        **_variant(revision, found, place, part=wants_fragment(request), locale=locale, at=at),
        **_sent(revision, place, locale=locale),
        "sets": set_shelf.shown_by(listing, locale),
    }


def _sent(revision: ListingRevision, place: str, *, locale: str) -> dict[str, Any]:
    """Where the reader is, and what sending costs everywhere."""
    terms = revision.content.get("freight")
    return {
        "picker": sending_to.picker(place),
        "freight_lines": freight_words.lines(terms, locale=locale) if terms else [],
        "freight_express": freight_words.express(terms, locale=locale) if terms else None,
        "freight_elsewhere": freight_words.elsewhere(terms, locale=locale) if terms else "",
        "freight_rule": freight_words.rule(),
    }


def _to(revision: ListingRevision, found: Chosen, place: str) -> offers.VariantOffer | None:
    """What is chosen with its freight to the place; None where it isn't sent or nothing is chosen."""
    return offers.to(revision.content, found.offer, place) if found.offer else None


def _prices(listing: Listing, found: Chosen, *, at: datetime) -> dict[str, Any]:
    """The thirty days of what is chosen: they move with every day that passes."""
    prices = recent_of(listing, found.offer.id, at=at) if found.offer else None
    return {"low": lowest_line(prices), "spark": sparkline(prices)}


def _variant(
    revision: ListingRevision, found: Chosen, place: str, *, part: bool, locale: str, at: datetime
) -> dict[str, Any]:
    """What changes with the choice: price, pieces, pictures, unit price."""
    sent = _to(revision, found, place)
    left, priced = found.stock.available, sent or found.offer or revision
    to = place if sent else ""
    tax = import_tax.tax_on(revision.content, priced.price, to, at=at)
    return {
        "found": found,
        "part": part,
        "amount": priced.all_in,
        "ledger": ledger(priced, revision.content, tax=tax, place=to, locale=locale),
        "arrival": tax_words.arrival(tax, to, at=at),
        "away": bool(found.offer) and sent is None,
        "unit_line": unit_line(revision.content, priced.price, found.choice),
        "unit_law": law(RULE_ID, locale=locale, at=at),
        "images": images(revision.content, found.offer, locale=locale),
        "left": left,
        "most": min(left, MOST_AT_ONCE),
        "sold": found.sold,
        "notice": texts.current(stock_alerts.TEXT, at).sentence(locale) if found.offer and not left else "",
    }


def _reduced(
    listing: Listing, revision: ListingRevision, found: Chosen, place: str, *, locale: str, at: datetime
) -> dict[str, Any] | None:
    """The crossed-out price of what is chosen, with what it stands on and the law behind it."""
    if found.offer is None:
        return None
    sent = _to(revision, found, place) or found.offer
    row = reductions.shown_by(listing, found.offer.id)
    shown = reduced(row, found.offer.all_in, sent.all_in)
    return {**shown, "law": law(shown["rule_id"], locale=locale, at=at)} if shown else None


def _campaign(
    listing: Listing, revision: ListingRevision, found: Chosen, place: str, *, locale: str, at: datetime
) -> dict[str, Any] | None:
    """What a campaign takes off what is chosen, who pays it, and what may stand crossed out."""
    sent = _to(revision, found, place) or found.offer
    shown = campaign_prices.shown_by(listing, sent, sent.all_in) if sent else None
    if shown is None:
        return None
    return {
        "name": in_language(shown.names, locale),
        "price": shown.price,
        "off": shown.off,
        "was": shown.was,
        "until": shown.ends_at - timedelta(microseconds=1),
        "platform": shown.platform_permille,
        "share": f"{shown.platform_permille / 10:g}",
        "law": law(shown.rule_id, locale=locale, at=at) if shown.was else None,
    }


def _live(listing: Listing) -> ListingRevision:
    if listing.live_revision is None:
        raise NotFound
    return listing.live_revision


@require_safe
def revision(request: Request, key: str, number: int) -> HttpResponse:
    """The offer as it stood: what an order or a dispute points at."""
    row, at, locale = access.public_revision(key, number), clock.now(), get_language() or "zh-hans"
    context = {
        **offer(row.listing, row, locale=locale, at=row.published_at, frozen=True),
        "current_category": row.content["category"],
        "promises": promised(row.content["terms"], locale=locale),
        "ledger": ledger(
            row, row.content, tax=import_tax.tax_on(row.content, row.price, "", at=row.published_at)
        ),
        "variants": table(row, row.listing, locale=locale),
        "fingerprint": bytes(row.commitment).hex(),
        "is_live": row.listing.live_revision_id == row.pk and row.listing.is_live,
        "now": at,
    }
    return page(request, "catalog/revision.html", context)
