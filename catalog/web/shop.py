"""A shop's own page: who it is comes first, then what it sells."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.search import Wish, find
from catalog.web.offer_page import credit
from catalog.web.presenting import cards
from kernel import clock
from merchants import access as merchants
from merchants import publication, register
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.web.standing import row
from web.http import Request
from web.paging import paginate
from web.respond import page


@require_safe
def shop(request: Request, slug: str) -> HttpResponse:
    """Identity, standing, credit and goods of one merchant."""
    merchant, at, locale = merchants.public_merchant(slug), clock.now(), get_language() or "zh-hans"
    shelf = find(Wish.read(request.GET.dict(), merchant_id=merchant.pk), at=at)
    paged = paginate(request, shelf)
    context = {
        "merchant": merchant,
        "state_said": gettext(STATE_WORDS[MerchantState(merchant.state)]),
        "decision": merchants.standing_decision(merchant),
        "penalties": [row(each, at) for each in publication.in_force_of(merchant.pk)],
        "deposit": register.deposit_of(merchant.pk),
        "credit": credit(merchant, locale=locale),
        "page": paged,
        "counts": shelf.counts,
        "cards": cards(paged.items, locale=locale, at=at),
        "now": at,
    }
    return page(request, "catalog/shop.html", context)
