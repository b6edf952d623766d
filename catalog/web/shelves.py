"""Category and search pages: facets and sort stand in the address, so they work without script."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import access, placements, shelf_version
from catalog.models import Listing
from catalog.ranking import FACTORS, SCORE_OF_NEW_SHOPS
from catalog.schema import in_language
from catalog.search import SORTS, Shelf, Wish, find
from catalog.web import personal, placing, sending_to
from catalog.web.presenting import SIDES, cards
from kernel import clock
from kernel.money import Money
from rulebook import policies
from web import kept_pages
from web.http import Request
from web.paging import Paged, asked_for, paginate
from web.respond import page


@require_safe
def category(request: Request, slug: str) -> HttpResponse:
    """Everything of one kind."""
    at = clock.now()
    return _answer(
        request,
        "catalog/category.html",
        partial(_category, request, slug, at=at),
        version=partial(shelf_version.of_category, slug, at=at),
        at=at,
    )


@require_safe
def search(request: Request) -> HttpResponse:
    """Across all kinds; without words, the whole shop."""
    at, wish = clock.now(), Wish.read(request.GET.dict(), place=sending_to.of(request))
    return _answer(
        request,
        "catalog/search.html",
        partial(_search, request, wish, at=at),
        version=partial(shelf_version.of_everything, at=at),
        at=at,
    )


def _answer(
    request: Request, template: str, build: kept_pages.Shown, *, version: kept_pages.Asked, at: datetime
) -> HttpResponse:
    """One reader's own order is never kept; a page with paid places is kept while their turn lasts."""
    if personal.is_on(request):
        answer = page(request, template, build(), fragment="shelf")
        placing.note(request, at=at)
        return answer
    answer = kept_pages.versioned(
        request, template, build, version=lambda: (version(), placing.turn(request, at)), fragment="shelf"
    )
    placing.note(request, at=at)
    return answer


@require_safe
def ranking(request: Request) -> HttpResponse:
    """How lists are ordered: what counts and how much, what doesn't, and what paid places change."""
    policy = policies.value(placements.POLICY, clock.now())
    context = {"factors": FACTORS, "new_score": SCORE_OF_NEW_SHOPS, "policy": policy}
    return page(request, "catalog/ranking.html", context)


def _category(request: Request, slug: str, *, at: datetime) -> dict[str, Any]:
    wish = Wish.read(request.GET.dict(), category=slug, place=sending_to.of(request))
    locale = get_language() or "zh-hans"
    shelf = find(wish, at=at, part=asked_for(request), first=personal.first(request, at=at))
    return {**_shelf(request, wish, shelf, at=at), **_heading(slug, shelf.opened[:1], locale)}


def _search(request: Request, wish: Wish, *, at: datetime) -> dict[str, Any]:
    shelf = find(wish, at=at, part=asked_for(request), first=personal.first(request, at=at))
    return {**_shelf(request, wish, shelf, at=at), "query": wish.text}


def _shelf(request: Request, wish: Wish, shelf: Shelf, *, at: datetime) -> dict[str, Any]:
    paged = paginate(request, shelf)
    return {
        **_sums(wish, shelf),
        "current_category": wish.category,
        "wish": wish,
        "shelf": shelf,
        "counts": shelf.counts,
        "page": paged,
        "cards": _cards(request, wish, shelf, paged, at=at),
        "picker": sending_to.picker(wish.place),
        "personal": personal.is_on(request),
        "sorts": _sorts(request, wish),
        "chosen": chosen(request, wish),
        "sides": [(side, _(words), shelf.counts[f"from_{side}"]) for side, words in SIDES.items()],
        "factors": _factors(wish),
    }


def _cards(request: Request, wish: Wish, shelf: Shelf, paged: Paged, *, at: datetime) -> list[dict[str, Any]]:
    """The offers with why they stand here, and the paid places beside them."""
    locale = get_language() or "zh-hans"
    shown = [
        _placed(each, wish, shelf) for each in cards(paged.items, locale=locale, at=at, place=wish.place)
    ]
    paid = placing.beside(request, wish, paged, at=at)
    marked = cards([each.listing for each in paid], locale=locale, at=at, place=wish.place) if paid else []
    return placing.woven(shown, [*zip(marked, paid, strict=True)], at=at)


def _placed(shown: dict[str, Any], wish: Wish, shelf: Shelf) -> dict[str, Any]:
    """Why the standard order put it here: the figures that it weighed."""
    if wish.sort:
        return shown
    if shown["listing_id"] in shelf.first:
        return {**shown, "why": _("First because you looked at it")}
    score, words = shown["score_permille"], _("Credit %(score)s, sold %(sold)s")
    if score is None:
        score, words = SCORE_OF_NEW_SHOPS, _("New shop, counts as %(score)s; sold %(sold)s")
    return {**shown, "why": words % {"score": f"{score / 10:.1f}", "sold": shown["sold"]}}


def _heading(slug: str, found: list[Listing], locale: str) -> dict[str, Any]:
    """Of the category, which came along with its offers; asked for by itself where there are none.

    :raises NotFound: no such category
    """
    category = found[0].category if found else access.public_category(slug)
    lead = found[0].lead if found else category.schema.get("lead")  # type: ignore[attr-defined]
    return {
        "category": category,
        "heading": in_language(category.names, locale),
        "lead": in_language(lead or {}, locale),
        "department": in_language(category.department.names, locale) if category.department else "",
    }


def _sums(wish: Wish, shelf: Shelf) -> dict[str, Any]:
    """What the price fields show: the reader's own limits, and the shelf's as a hint."""
    return {
        "low_text": Money(wish.lowest or 0).decimal_text,
        "high_text": Money(wish.highest or 0).decimal_text,
        "cheapest": Money(shelf.counts["cheapest"] or 0),
        "dearest": Money(shelf.counts["dearest"] or 0),
    }


def _factors(wish: Wish) -> list[dict[str, Any]]:
    """What the standard order weighs here, in hundredths of the whole."""
    counted = [each for each in FACTORS if wish.text or each.key != "match"]
    whole = sum(each.weight for each in counted)
    return [{"share": each.weight * 100 // whole, "words": _(each.words)} for each in counted]


def _sorts(request: Request, wish: Wish) -> list[dict[str, Any]]:
    return [
        {"label": _(words), "url": _address(request, sort=key), "current": key == wish.sort}
        for key, words in SORTS.items()
    ]


def _address(request: Request, **changes: str) -> str:
    """This address with other facets; the page number starts anew."""
    query = request.GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value:
            query[key] = value
    return f"?{query.urlencode()}" if query else request.path


def chosen(request: Request, wish: Wish) -> list[dict[str, str]]:
    """The facets that are on, each with the address without it."""
    found: list[dict[str, str]] = []
    if wish.lowest or wish.highest:
        low = Money(wish.lowest or 0).decimal_text
        high = Money(wish.highest).decimal_text if wish.highest else "…"
        found.append({"label": f"¥{low} – ¥{high}", "url": _address(request, **{"from": "", "to": ""})})
    if wish.returnable:
        found.append({"label": _("Return without reason"), "url": _address(request, **{"return": ""})})
    if wish.grade:
        words = _("Grade A only") if wish.grade == "A" else _("Grade B or better")
        found.append({"label": words, "url": _address(request, grade="", new="")})
    found += [{"label": label, "url": _address(request, **{name: ""})} for name, label in _told(wish)]
    if wish.in_stock:
        found.append({"label": _("In stock"), "url": _address(request, stock="")})
    return found


def _told(wish: Wish) -> list[tuple[str, str]]:
    """Where it comes from and what is told about it, as far as asked: (name in the address, words)."""
    asked = [
        ("ships", wish.ships_from and _(SIDES[wish.ships_from])),
        ("origin", wish.origin and _("Origin: %(origin)s") % {"origin": wish.origin}),
        ("full", wish.told_in_full and _("Everything disclosed")),
        ("cert", wish.certified and _("With a checked certificate")),
        ("direct", wish.direct and _("Brand direct")),
    ]
    return [(name, label) for name, label in asked if label]
