"""Where the reader wants goods sent: chosen once, remembered in the cookie of display choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import destinations
from catalog.schema import in_language
from web.http import Request
from web.preferences import Preferences

Part = dict[str, Any]


def of(request: HttpRequest) -> str:
    """The code of the chosen place; "" while none was chosen."""
    preferences = getattr(request, "preferences", None)
    return destinations.known(preferences.place) if preferences else ""


def picker(place: str) -> Part:
    """The inputs of components/destination.html."""
    locale = get_language() or "zh-hans"
    return {
        "code": place,
        "name": destinations.name(place, locale),
        "regions": [
            {
                "label": in_language(region.names, locale),
                "places": [(each.code, in_language(each.names, locale)) for each in region.places],
            }
            for region in destinations.regions()
        ],
    }


def choices() -> list[Any]:
    """The options of a form's field, by region."""
    shown = picker("")
    return [("", _("Not chosen")), *((each["label"], each["places"]) for each in shown["regions"])]


def kept(request: Request, response: HttpResponse, place: str) -> HttpResponse:
    """The answer, and the place remembered for the next page."""
    if place and place != of(request):
        replace(Preferences.of(request), place=place).keep(response, secure=request.is_secure())
    return response
