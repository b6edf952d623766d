"""The payer's page of a payment: choose a provider, wait for its proof, see where the money is."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import acting, guests
from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from payments import access, owed, shown, starting, webhooks
from payments.gateways import registry, signing
from payments.lifecycle import PaymentState
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

# Drawn into the page: nothing is loaded, and nothing tells who looks.
QR: dict[str, Any] = {
    "scale": 5,
    "border": 2,
    "omitsize": True,
    "svgclass": "qr",
    "lineclass": None,
    "light": "#fff",
}
# The provider's form carries its headers as fields of the same names.
FORM_HEADERS = (signing.TIMESTAMP, signing.SIGNATURE)


def _payer(request: Request) -> Actor:
    """Who pays; under a mandate to buy its principal."""
    return acting.actor_for(request, Scope.BUY) or guests.actor_of(request)


@never_cache
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    payment = access.payment_of(_payer(request), number)
    now = clock.now()
    view = shown.of(payment, at=now, waiting="waiting" in request.GET)
    providers = registry.offered(payment.currency)
    context = {
        "view": view,
        "payment": payment,
        "providers": providers,
        "reserving": registry.AUTHORISERS if payment.authorise_first else {},
        "now": now,
    }
    return page(request, "payments/payment.html", context, fragment="state")


@require_POST
@idempotent
def choose_provider(request: Request, number: str) -> HttpResponse:
    actor = _payer(request)
    payment = access.payment_of(actor, number)
    provider = request.POST.get("provider", "")
    on_phone = "mobi" in request.headers.get("user-agent", "").lower()
    now = clock.now()
    attempt = starting.start(payment_id=payment.pk, provider=provider, actor=actor, at=now, on_phone=on_phone)
    # A form may lead only to ourselves (CSP); our own page leads on from there.
    own = attempt.url.startswith("/")
    return redirect(request, attempt.url if own else reverse("payments:handover", args=[payment.number]))


@never_cache
@require_safe
def hand_over(request: Request, number: str) -> HttpResponse:
    """On to the provider: a link, a code to scan, or a moment's patience while it is asked."""
    payment = access.payment_of(_payer(request), number)
    attempt = payment.attempts.order_by("-position").first()
    if attempt is None or payment.state != PaymentState.OPEN:
        return redirect(request, starting.payment_url(number))
    gateway = registry.gateway(attempt.provider)
    code = segno.make(attempt.code).svg_inline(**QR) if attempt.code else ""
    context = {"payment": payment, "attempt": attempt, "provider": gateway, "code": code, "now": clock.now()}
    return page(request, "payments/handover.html", context, fragment="state")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: Request, number: str) -> HttpResponse:
    """The payer is back: one carries the provider's signed notice, of the others we ask now."""
    if request.method != "POST":
        _look_now(number)
        return redirect(request, f"{starting.payment_url(number)}?waiting=1")
    headers = {name: request.POST.get(name, "") for name in FORM_HEADERS}
    webhooks.carry_back(
        provider=request.POST.get("provider", ""),
        headers=headers,
        body=request.POST.get("notice", "").encode(errors="replace"),
        at=clock.now(),
    )
    return redirect(request, f"{starting.payment_url(number)}?waiting=1")


def _look_now(number: str) -> None:
    """Whoever comes back says nothing that we believe; it is only the moment to ask the provider."""
    for attempt in access.open_attempts(number):
        owed.hasten(attempt, at=clock.now())
