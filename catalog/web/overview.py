"""The portal's page of what a shop's listings still owe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import access, licensing, overview, paper_grace, shortfalls
from catalog.lifecycle import STATE_WORDS, ListingState
from catalog.overview import Consequence, Overview, Owed
from catalog.schema import in_language
from catalog.web import desk
from kernel import clock
from kernel.errors import N_
from merchants.access import membership_for
from web.http import Request
from web.paging import paginate
from web.respond import page

WORDS = {
    Consequence.GOES_OFF_SALE: N_("goes off sale"),
    Consequence.CANNOT_CHANGE: N_("can't be changed on sale until it is complete"),
    Consequence.STAYS_OFF_SALE: N_("stays off sale"),
    Consequence.NOT_YET_ON_SALE: N_("can't go on sale"),
}


@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    """Every listing that falls short, by consequence; the gaps of the whole shop above."""
    membership = membership_for(request.actor, slug)
    locale = get_language() or "zh-hans"
    found = overview.of(access.listings_of(membership), merchant=membership.merchant, at=clock.now())
    paged = paginate(request, found.owed, per_page=30)
    duties = _duties(found, paged.items, locale)
    context = {
        "merchant": membership.merchant,
        "found": found,
        "page": paged,
        "rows": [_row(owed, slug, duties, locale) for owed in paged.items],
        "fields": [(label, duties[duty], number) for (_field, label, duty), number in found.fields],
        **_notices(membership.merchant_id, slug, locale),
    }
    return page(request, "catalog/shortfalls.html", context)


def _duties(found: Overview, shown: Sequence[Owed], locale: str) -> dict[str, str]:
    """Every duty on the page, as it is cited."""
    rules = {duty for (_field, _label, duty), _number in found.fields}
    rules |= {gap.duty for owed in shown for gap in owed.gaps}
    return desk.named(rules, locale, clock.now())


def _notices(merchant_id: UUID, slug: str, locale: str) -> dict[str, Any]:
    """What runs against the shop: categories that ask for more, and documents that lack."""
    return {
        "notices": [
            {"category": in_language(each.change.category.names, locale), "notice": each}
            for each in shortfalls.open_notices(merchant_id)
        ],
        "papers": [
            {
                "kind": licensing.names_of(each.kind)[locale],
                "where": licensing.where(slug, each.kind),
                "notice": each,
            }
            for each in paper_grace.open_notices(merchant_id)
        ],
    }


def _row(owed: Owed, slug: str, duties: dict[str, str], locale: str) -> dict[str, Any]:
    listing = owed.listing
    return {
        "url": reverse("catalog:listing", args=[slug, listing.pk]),
        "title": listing.working_title or _("Without a title"),
        "code": listing.code,
        "state": listing.state,
        "state_said": _(STATE_WORDS[ListingState(listing.state)]),
        "consequence": _(WORDS[owed.consequence]),
        "until": owed.until,
        "urgent": owed.consequence is Consequence.GOES_OFF_SALE,
        "gaps": [{"label": gap.label_in(locale), "duty": duties[gap.duty]} for gap in owed.gaps],
    }
