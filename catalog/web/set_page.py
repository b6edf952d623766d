"""The page of a set: what is in it, what it costs and saves, and whether it can be bought."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog import destinations, set_access, set_saving
from catalog.set_offers import SetOffer, standing
from catalog.web import freight_words, sending_to, set_words
from catalog.web.offer_page import law
from kernel import clock
from web.http import Request
from web.respond import page

MOST_AT_ONCE = 99
Part = dict[str, Any]


@never_cache
@require_safe
def shop_set(request: Request, set_id: UUID) -> HttpResponse:
    """Read anew each time: it hangs on every member's price and stock."""
    found, at, locale = set_access.public_set(set_id), clock.now(), get_language() or "zh-hans"
    offer, place = standing(found, set_access.members_of([found])), sending_to.of(request)
    context = {
        **set_words.card(offer, locale=locale),
        "merchant": found.merchant,
        "by_person": found.merchant.is_private_person,
        **_price(offer, place, locale=locale),
        "saving": _saving(offer, locale=locale, at=at),
        "most": min(offer.available, MOST_AT_ONCE),
        "picker": sending_to.picker(place),
        "freight_rule": freight_words.rule(),
    }
    return page(request, "catalog/set.html", context)


def _price(offer: SetOffer, place: str, *, locale: str) -> Part:
    """What is paid for one set with its freight, row by row."""
    freight = None if offer.problem == "member_away" else offer.freight_to(place)
    away = freight is None and offer.problem != "member_away"
    if freight is None:
        return {"amount": offer.revision.price, "ledger": [], "away": away}
    to = _("to %(place)s") % {"place": destinations.name(place, locale)} if place else ""
    amount = offer.revision.price + freight
    rows = [
        {"label": _("Goods"), "note": _("tax included"), "amount": offer.revision.price},
        {"label": _("Freight"), "note": to, "amount": freight},
        {"label": _("You pay"), "note": "", "amount": amount, "total": True},
    ]
    return {"amount": amount, "ledger": rows, "away": False}


def _saving(offer: SetOffer, *, locale: str, at: datetime) -> Part | None:
    found = set_saving.of(offer, at=at)
    if found is None:
        return None
    return {"against": found.against, "saved": found.saved, "law": law(found.rule_id, locale=locale, at=at)}
