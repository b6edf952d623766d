"""Switches of the frame: language, elder mode, theme. Plain forms; each keeps the page."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from web import respond
from web.places import CODES
from web.preferences import THEMES, Preferences


def _back(request: HttpRequest) -> str:
    """The page the switch was on, if it is ours."""
    target = request.POST.get("next", "/")
    return target if respond.is_own_path(request, target) else "/"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = respond.redirect(request, _back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """`elder` on/off, `theme` light/dark/auto, `place` a place of the list; what is not sent stays."""
    wish = Preferences.of(request)
    if "elder" in request.POST:
        wish = replace(wish, elder=request.POST["elder"] == "on")
    if "theme" in request.POST:
        theme = request.POST["theme"]
        wish = replace(wish, theme=theme if theme in THEMES else "")
    if "place" in request.POST:
        place = request.POST["place"]
        wish = replace(wish, place=place if place in CODES else "")
    response = respond.redirect(request, _back(request))
    wish.keep(response, secure=request.is_secure())
    return response
