"""The payer's page of a payment: choose a provider, wait for its proof, see where the money is."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts import acting, guests
from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from payments import access, shown, starting, webhooks
from payments.gateways import registry, signing
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

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
    context = {"view": view, "payment": payment, "providers": registry.offered(), "now": now}
    return page(request, "payments/payment.html", context, fragment="state")


@require_POST
@idempotent
def choose_provider(request: Request, number: str) -> HttpResponse:
    actor = _payer(request)
    payment = access.payment_of(actor, number)
    provider = request.POST.get("provider", "")
    url = starting.start(payment_id=payment.pk, provider=provider, actor=actor, at=clock.now())
    return redirect(request, url)


@csrf_exempt
@require_POST
def come_back(request: Request, number: str) -> HttpResponse:
    """The payer carries the provider's signed notice back: the same locked path as the webhook."""
    headers = {name: request.POST.get(name, "") for name in FORM_HEADERS}
    webhooks.carry_back(
        provider=request.POST.get("provider", ""),
        headers=headers,
        body=request.POST.get("notice", "").encode(errors="replace"),
        at=clock.now(),
    )
    return redirect(request, f"{starting.payment_url(number)}?waiting=1")
