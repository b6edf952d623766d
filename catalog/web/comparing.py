"""Up to four offers side by side: what each asks, gives back and tells; what one leaves open stays open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import search
from catalog.models import Listing, ListingRevision
from catalog.schema import in_language
from catalog.schemas_by_version import schema_at
from catalog.values import shown
from catalog.web import sending_to
from catalog.web.presenting import SIDES, cards, unit_line
from kernel import clock
from web.formats import money_text
from web.http import Request
from web.respond import page

Part = dict[str, Any]
MOST = 4


@require_safe
def comparison(request: Request) -> HttpResponse:
    """The address names the offers (`l`, up to four), so it can be sent on; `diff=1` hides what is equal."""
    at, locale = clock.now(), get_language() or "zh-hans"
    wanted = _ids(request.GET.getlist("l"))
    found = search.these(wanted[:MOST], at=at)
    only_differing = request.GET.get("diff") == "1"
    rows = _rows(found, locale)
    context = {
        "cards": cards(found, locale=locale, at=at, place=sending_to.of(request)),
        "rows": [row for row in rows if not only_differing or row["differs"]],
        "only_differing": only_differing,
        "too_many": len(wanted) > MOST,
        "lost": len(wanted[:MOST]) - len(found),
        "ids": [str(listing.pk) for listing in found],
    }
    return page(request, "catalog/comparison.html", context)


def _ids(texts: Sequence[str]) -> list[UUID]:
    """The offers asked for, each once; what isn't an id counts as not asked."""
    found: dict[UUID, None] = {}
    for text in texts[:50]:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


def _rows(listings: Sequence[Listing], locale: str) -> list[Part]:
    pairs = [(each, each.live_revision) for each in listings if each.live_revision is not None]
    lowest = min((revision.all_in.minor for _each, revision in pairs), default=0)
    prices = [money_text(revision.all_in) for _each, revision in pairs]
    best = [revision.all_in.minor == lowest for _each, revision in pairs]
    notes = [unit_line(revision.content, revision.price) for _each, revision in pairs]
    price = _row(_("You pay"), prices, best, notes)
    told: list[tuple[str, Callable[[Listing, ListingRevision], str]]] = [
        (_("Returns"), lambda _each, revision: _return_words(revision)),
        (_("Ships from"), lambda each, _revision: _(SIDES[each.ships_from]) if each.ships_from else ""),
        (_("Seller"), lambda each, _revision: each.merchant.display_name),
        (_("Seller's credit"), lambda each, _revision: _grade(each)),
    ]
    common = [_row(label, [words(*pair) for pair in pairs]) for label, words in told]
    return [price, *common, *_facts([revision for _each, revision in pairs], locale)]


def _row(label: str, values: Sequence[str], best: Sequence[bool] = (), notes: Sequence[str] = ()) -> Part:
    """`best` marks who is better where that can be said; not when all are equal."""
    differs = len(set(values)) > 1
    marked, said = best or [False] * len(values), notes or [""] * len(values)
    cells = [
        {"text": text, "best": differs and better, "note": note}
        for text, better, note in zip(values, marked, said, strict=True)
    ]
    return {"label": label, "cells": cells, "differs": differs}


def _return_words(revision: ListingRevision) -> str:
    match revision.content["terms"].get("excludes_return"):
        case "never":
            return _("Never without reason, as the law allows for these goods")
        case "confirm":
            return _("Not once opened, if the buyer confirms that at checkout")
    return _("Can be returned without reason")


def _grade(listing: Listing) -> str:
    grade = listing.merchant.grade
    return _("New shop") if grade == "N" else _("Credit %(grade)s") % {"grade": grade}


def _facts(revisions: Sequence[ListingRevision], locale: str) -> list[Part]:
    """Every fact that one of them tells, under the words of its own schema; open ones stay empty."""
    table: dict[str, tuple[str, dict[int, str]]] = {}
    for place, revision in enumerate(revisions):
        content = revision.content
        for spec in schema_at(content["category"], content["schema_version"]).fields:
            value = content["attributes"].get(spec.key)
            if value is not None:
                _label, values = table.setdefault(spec.key, (in_language(spec.labels, locale), {}))
                values[place] = shown(spec, value, locale)
    places = range(len(revisions))
    return [_row(label, [values.get(place, "") for place in places]) for label, values in table.values()]
