"""Sending: one order from its page, or many by pasted lines."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access, bulk_shipping, fulfilment
from orders.bulk_shipping import Outcome
from orders.web import portal_page
from orders.web.forms import BulkShippingForm, TrackingForm
from web.errors import sentence
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@require_POST
@idempotent
def ship(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    form, now = TrackingForm(request.POST, lines=order.lines.all()), clock.now()
    if form.is_valid():
        typed = form.cleaned_data["tracking_number"]
        try:
            fulfilment.ship(
                order_id=order.pk,
                tracking_number=typed,
                pieces=form.pieces,
                actor=membership.actor,
                at=now,
            )
            return redirect(request, "orders:merchant-order", slug, number)
        except DomainError as refusal:
            form.refuse(refusal)
    context = portal_page.order_view(membership, order, at=now, form=form)
    return page(request, "orders/portal_order.html", context, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    form = BulkShippingForm(request.POST or None)
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = bulk_shipping.ship_lines(
            merchant_id=membership.merchant_id,
            text=form.cleaned_data["rows"],
            actor=membership.actor,
            at=clock.now(),
        )
    return _bulk_page(request, membership, form, outcomes)


def _bulk_page(
    request: Request, membership: Membership, form: BulkShippingForm, outcomes: list[Outcome]
) -> HttpResponse:
    rows = [
        {"line": each.line, "text": each.text, "words": sentence(each.refusal) if each.refusal else _("Sent")}
        | {"sent": each.refusal is None}
        for each in outcomes
    ]
    waiting = access.orders_of_merchant(membership).in_tab("to_ship", portal_page.SHIPPING)
    context = {
        **portal_page.frame(membership),
        "form": form,
        "rows": rows,
        "waiting": waiting.next_to_ship_first()[:50],
    }
    return page(request, "orders/portal_bulk.html", context, status=422 if form.errors else 200)
