"""A shop's own page: who it is comes first, then what it sells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog import access, promise_terms, promises
from catalog.models import Category
from catalog.schema import in_language
from catalog.search import Wish, find
from catalog.web import sending_to
from catalog.web.offer_page import credit
from catalog.web.presenting import cards
from kernel import clock
from merchants import access as merchants
from merchants import brand_chains, documents, publication, register
from merchants.document_kinds import KIND_WORDS, PERMITS
from merchants.lifecycle import IDENTITY_WORDS, STATE_WORDS, MerchantState
from merchants.models import Merchant
from merchants.web.standing import row
from web.http import Request
from web.paging import paginate
from web.respond import page


@require_safe
def shop(request: Request, slug: str) -> HttpResponse:
    """Identity, standing, credit and goods of one merchant."""
    merchant, at, locale = merchants.public_merchant(slug), clock.now(), get_language() or "zh-hans"
    shelf = find(Wish.read(request.GET.dict(), merchant_id=merchant.pk, place=sending_to.of(request)), at=at)
    context = {
        "merchant": merchant,
        "state_said": gettext(STATE_WORDS[MerchantState(merchant.state)]),
        "decision": merchants.standing_decision(merchant),
        "penalties": [row(each, at) for each in publication.in_force_of(merchant.pk)],
        "permits": _permits(merchant, at=at),
        "changes": [] if merchant.is_private_person else _changes(merchant),
        "deposit": register.deposit_of(merchant.pk),
        **_vouched(merchant, locale=locale, at=at),
        "credit": credit(merchant, locale=locale),
        "page": (paged := paginate(request, shelf)),
        "counts": shelf.counts,
        "cards": cards(paged.items, locale=locale, at=at, place=shelf.wish.place),
        "now": at,
    }
    return page(request, "catalog/shop.html", context)


def _vouched(merchant: Merchant, *, locale: str, at: datetime) -> dict[str, Any]:
    """What the shop has proved, and what it promises."""
    return {
        "brands": brand_chains.shown_of(merchant, at=at),
        "promises": _promises(merchant, locale=locale, at=at),
    }


def _promises(merchant: Merchant, *, locale: str, at: datetime) -> list[dict[str, Any]]:
    """What the shop promises on its goods now or soon, and until when where that is known."""
    names = {each.pk: in_language(each.names, locale) for each in _categories(merchant)}
    rows = []
    for each in promise_terms.standing(merchant):
        made = promises.promise(each.key)
        if made is not None and (each.ends_at is None or at < each.ends_at):
            rows.append(
                {
                    "said": in_language(made.texts, locale),
                    "watch": gettext(promises.WATCH_WORDS[made.watch]),
                    "categories": [names.get(slug, slug) for slug in each.categories],
                    "from": each.starts_at if each.starts_at > at else None,
                    "until": each.ends_at,
                }
            )
    return rows


def _categories(merchant: Merchant) -> Sequence[Category]:
    """Their names are asked for only where a promise is for some of the goods."""
    named = any(each.categories for each in promise_terms.standing(merchant))
    return access.categories() if named else []


def _permits(merchant: Merchant, *, at: datetime) -> list[tuple[str, date | None]]:
    """What the shop holds, checked and valid, besides its licence: the kind and the last day."""
    held = documents.held_by(merchant, at=at)
    return [(gettext(KIND_WORDS[kind]), held[kind]) for kind in PERMITS if kind in held]


def _changes(merchant: Merchant) -> list[tuple[str, date, datetime]]:
    """What of its identity changed: the name of it, since when, and since when it stands here."""
    return [
        (gettext(IDENTITY_WORDS[name]), change.changed_on, change.decided_at)
        for change in merchants.shown_changes(merchant)
        for name in change.fields
        if change.decided_at
    ]
