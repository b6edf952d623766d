"""Home and the standing pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from web import respond


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return respond.page(request, "desk/home.html")


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
