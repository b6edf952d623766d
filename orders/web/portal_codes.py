"""At the counter: a code that a buyer shows, what it is for, and the step that it opens."""

from __future__ import annotations

from datetime import datetime

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access, packing
from orders.models import CodeKind, PointCode
from orders.pickup import codes, handing, readying
from orders.vouchers import counter
from orders.web import code_tries
from orders.web.point_form import CodeForm
from orders.web.presenting import View, thing_of
from web import errors
from web.errors import sentence
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

RATE = "point_code"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request, slug: str) -> HttpResponse:
    """First what the code is for, then (step=take) the step itself; the code travels in the form's body."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    if request.method != "POST":
        return _page(request, membership, CodeForm(auto_id="pc-%s"))
    if not ratelimit.consume(request, action=RATE):
        return errors.too_many(request)
    if request.POST.get("step") == "take":
        return _take(request, membership)
    form = CodeForm(request.POST, auto_id="pc-%s")
    if form.is_valid():
        try:
            with code_tries.counted(request, membership):
                found = codes.find(merchant_id=membership.merchant_id, text=form.cleaned_data["code"])
            return _page(request, membership, form, found)
        except DomainError as refused:
            form.refuse(refused)
    return _page(request, membership, form)


@idempotent
def _take(request: Request, membership: Membership) -> HttpResponse:
    form = CodeForm(request.POST, auto_id="pc-%s")
    if form.is_valid():
        try:
            shop, text = membership.merchant_id, form.cleaned_data["code"]
            with code_tries.counted(request, membership):
                done = _taken(membership, form, request.POST.get("pieces", "1"), at=clock.now())
        except (handing.PointNotNamed, packing.PiecesOutOfRange) as refused:
            form.refuse(refused)
            return _page(request, membership, form, codes.find(merchant_id=shop, text=text))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _said(done))
            return redirect(request, "orders:merchant-codes", membership.merchant.slug)
    return _page(request, membership, form)


def _taken(membership: Membership, form: CodeForm, pieces: str, *, at: datetime) -> PointCode:
    wanted = int(pieces) if pieces.isascii() and pieces.isdigit() and len(pieces) < 5 else 0
    told = {"text": form.cleaned_data["code"], "point_id": form.cleaned_data["point"]}
    actor = membership.actor
    return counter.take(merchant_id=membership.merchant_id, pieces=wanted, actor=actor, at=at, **told)


def _said(done: PointCode) -> str:
    if done.kind == CodeKind.VOUCHER:
        return _("Redeemed. Order %(number)s says what is left.") % {"number": done.order.number}
    if done.kind == CodeKind.RETURN and done.returning is not None:
        return _("Return %(number)s is taken in.") % {"number": done.returning.number}
    return _("Order %(number)s is handed over.") % {"number": done.order.number}


@require_POST
@idempotent
def readiness(request: Request, slug: str, number: str) -> HttpResponse:
    """All of the order lies ready; its buyer gets the code."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    try:
        readying.mark_ready(order_id=order.pk, actor=membership.actor, at=clock.now())
        messages.success(request, _("The buyer gets a code now and shows it when they come."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-order", slug, number)


def _page(
    request: Request, membership: Membership, form: CodeForm, found: PointCode | None = None
) -> HttpResponse:
    takes_back = found is not None and found.kind == CodeKind.RETURN
    points = handing.points_for_return(found.order) if found is not None and takes_back else []
    context = {
        "merchant": membership.merchant,
        "form": form,
        "found": found,
        "things": _things(found) if found else [],
        "redeems": found is not None and found.kind == CodeKind.VOUCHER,
        "takes_back": takes_back,
        "points": points if len(points) > 1 else [],
    }
    return page(request, "orders/portal_codes.html", context, status=422 if form.errors else 200)


def _things(found: PointCode) -> list[View]:
    if found.returning is not None:
        parts = found.returning.lines.select_related("line__revision", "line__set_revision")
        return [{**thing_of(each.line), "quantity": each.quantity} for each in parts]
    lines = found.order.lines.select_related("revision", "set_revision").order_by("position")
    if found.line_id is not None:
        return [{**thing_of(line), "quantity": line.to_send} for line in lines.filter(pk=found.line_id)]
    return [{**thing_of(line), "quantity": line.sent_quantity} for line in lines]
