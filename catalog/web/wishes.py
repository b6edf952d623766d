"""The wish list and what one waits for; both belong to whoever is signed in and show to nobody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog import access, offers, stock_alerts, wish_list
from catalog.models import StockAlert
from catalog.web import sending_to
from catalog.web.presenting import card, statutory_days
from catalog.wish_list import Wished
from kernel import clock
from web.http import Request
from web.respond import page, redirect, wants_fragment

Part = dict[str, Any]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: Request) -> HttpResponse:
    """One's own list; POST puts something on it."""
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method == "POST":
        return _put(request)
    at, locale = clock.now(), get_language() or "zh-hans"
    shown = {"locale": locale, "days": statutory_days(at), "at": at, "place": sending_to.of(request)}
    lines = [_line(each, locale, shown) for each in wish_list.lines_of(request.actor)]
    alerts = [_alert(each, locale) for each in stock_alerts.waiting_of(request.actor)]
    return page(request, "catalog/wishes.html", {"lines": lines, "alerts": alerts})


def _put(request: Request) -> HttpResponse:
    listing_id = access.key_of(request.POST.get("listing", ""))
    variant_id = access.key_of(request.POST["variant"]) if request.POST.get("variant") else None
    wish_list.put(listing_id=listing_id, variant_id=variant_id, actor=request.actor, at=clock.now())
    if wants_fragment(request):
        return page(request, "components/toast.html", {"text": _("On your wish list"), "tone": "ok"})
    return redirect(request, "catalog:wishes")


@login_required
@require_POST
def wish(request: Request, line_id: UUID) -> HttpResponse:
    """Take it off the list."""
    wish_list.take_off(line_id=line_id, actor=request.actor, at=clock.now())
    return redirect(request, "catalog:wishes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: Request) -> HttpResponse:
    """Tell me when it's back; a reader who comes back to the address finds what they wait for."""
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method != "POST":
        return redirect(request, f"{reverse('catalog:wishes')}#waiting")
    variant_id = access.key_of(request.POST.get("variant", ""))
    language = get_language() or "zh-hans"
    stock_alerts.ask(variant_id=variant_id, language=language, actor=request.actor, at=clock.now())
    messages.success(request, _("We write to you once when it is back."))
    return redirect(request, f"{reverse('catalog:wishes')}#waiting")


@login_required
@require_POST
def alert(request: Request, alert_id: UUID) -> HttpResponse:
    """Don't tell me any more."""
    stock_alerts.end(alert_id=alert_id, actor=request.actor, at=clock.now())
    messages.success(request, _("You won't be told about it."))
    return redirect(request, f"{reverse('catalog:wishes')}#waiting")


def _sign_in_first(request: Request) -> HttpResponse:
    """Back to the goods afterwards, so that one more press does what was wanted."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    try:
        goods = reverse("catalog:product", args=[UUID(request.POST.get("listing", ""))])
    except ValueError:
        goods = reverse("catalog:wishes")
    return redirect(request, redirect_to_login(goods)["Location"])


def _line(each: Wished, locale: str, told: Part) -> Part:
    listing, variant_id = each.line.listing, each.line.variant_id
    shown = card(listing, **told)
    choice = offers.choice_words(listing.content, variant_id, locale) if variant_id else ""
    return {
        **shown,
        "url": f"{shown['url']}?variant={variant_id}" if variant_id else shown["url"],
        "wished": each,
        "choice": choice,
        "to_choose": variant_id is None and shown["choose"],
        "variant_id": variant_id or "",
    }


def _alert(alert: StockAlert, locale: str) -> Part:
    content = alert.listing.content
    return {
        "alert": alert,
        "title": offers.title(content, locale),
        "choice": offers.choice_words(content, alert.variant_id, locale),
        "url": f"{reverse('catalog:product', args=[alert.listing_id])}?variant={alert.variant_id}",
    }
