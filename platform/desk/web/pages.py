"""Home and the standing pages."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.web import sending_to
from desk import front, own_time
from kernel import clock
from privacy import remembering
from web import kept_pages, respond


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The pledge, figures of today, shelves, trusted goods, the latest rulings."""
    now = clock.now()
    if remembering.remembers(request):
        return respond.page(
            request, "desk/home.html", _front(request, remembering.seen(request, at=now), now)
        )
    edition = front.edition(now)
    build = partial(_build, request, edition, now)
    return kept_pages.page(request, "desk/home.html", build, key=lambda: edition)


def _build(request: HttpRequest, edition: Hashable, now: datetime) -> tuple[Hashable, dict[str, Any]]:
    return edition, _front(request, [], now)


def _front(request: HttpRequest, remembered: list[UUID], now: datetime) -> dict[str, Any]:
    locale, place = get_language() or "zh-hans", sending_to.of(request)
    return {
        "figures": front.figures(now),
        "tiles": front.tiles(locale),
        "looked_at": front.looked_at(remembered, locale=locale, at=now, place=place),
        "good": front.trusted(locale=locale, at=now, place=place),
        "rulings": front.rulings(locale=locale, at=now),
    }


@require_safe
def pledge(request: HttpRequest) -> HttpResponse:
    kept = [(_(each.words), each.whole, each.late) for each in own_time.of_year(at=clock.now())]
    return respond.page(request, "desk/pledge.html", {"kept": kept})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/accessibility.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/about.html")
