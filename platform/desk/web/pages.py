"""Home and the standing pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from desk import front
from kernel import clock
from privacy import remembering
from web import respond


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The pledge, figures of today, shelves, trusted goods, the latest rulings."""
    now, locale = clock.now(), get_language() or "zh-hans"
    context = {
        "figures": front.figures(now),
        "tiles": front.tiles(locale),
        "looked_at": front.looked_at(remembering.seen(request, at=now), locale=locale, at=now),
        "good": front.trusted(locale=locale, at=now),
        "rulings": front.rulings(locale=locale, at=now),
    }
    return respond.page(request, "desk/home.html", context)


@require_safe
def pledge(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/pledge.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/accessibility.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/about.html")
