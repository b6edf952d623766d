"""Why an offer is gone: the short statement of reasons on the address where it was sold."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from catalog import access, offers
from catalog.models import Listing
from catalog.web.offer_page import law
from web import languages
from web.respond import page


def answer(request: HttpRequest, listing: Listing, *, locale: str, at: datetime) -> HttpResponse:
    """410: it was here, the platform took it away, and this is why."""
    suspension = access.last_suspension(listing)
    said = offers.title_language(listing.content, locale)
    context = {
        "listing": listing,
        "merchant": listing.merchant,
        "title": offers.title(listing.content, locale),
        "title_lang": "" if said == locale else languages.tag(said),
        "suspension": suspension,
        "law": law(suspension.rule_id, locale=locale, at=at) if suspension else None,
        "by_staff": suspension is not None and suspension.actor.startswith("staff:"),
        "current_category": listing.category_id,
    }
    return page(request, "catalog/gone.html", context, status=410)
