"""The sandbox provider's pages and interface: it plays another company, so it has no part in our accounts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import NotFound
from payments.gateways.protocol import Answer
from payments.gateways.sandbox import unseal
from payments.sandbox import bank, deliveries, holds, interface, paying, till
from payments.sandbox import payouts as sandbox_payouts
from payments.web.webhooks import raw_body, signed_headers
from web.respond import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def till_page(request: HttpRequest, token: str) -> HttpResponse:
    """What to pay, and the choice of how it ends; after the choice, the way back to the shop."""
    _only_where_allowed()
    order = till.Order.of(unseal(token))
    if request.method != "POST":
        return page(request, "payments/sandbox_till.html", {"order": order, "choices": till.CHOICES})
    choice = till.read_choice(request.POST.get("choice", ""))
    notice = paying.choose(order, choice, at=clock.now())
    signed = deliveries.signed(notice, at=clock.now()) if notice else None
    context = {"order": order, "choice": choice, "signed": signed, "notice": notice}
    return page(request, "payments/sandbox_done.html", context)


@csrf_exempt
@require_POST
def refunds(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(interface.refund(signed_headers(request), raw_body(request), at=clock.now()))


@csrf_exempt
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(interface.payment(signed_headers(request), raw_body(request), at=clock.now()))


@csrf_exempt
@require_POST
def payouts(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(sandbox_payouts.payout(signed_headers(request), raw_body(request), at=clock.now()))


@csrf_exempt
@require_POST
def statement(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(interface.statement(signed_headers(request), raw_body(request), at=clock.now()))


@csrf_exempt
@require_POST
def disputes(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(bank.answer(signed_headers(request), raw_body(request), at=clock.now()))


@csrf_exempt
@require_POST
def reserved(request: HttpRequest) -> HttpResponse:
    _only_where_allowed()
    return _answer(holds.call(signed_headers(request), raw_body(request), at=clock.now()))


def _only_where_allowed() -> None:
    if not settings.SANDBOX:
        raise NotFound()


def _answer(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, content_type="application/json")
