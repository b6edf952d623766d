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
from orders.bulk_rows import BulkRow
from orders.bulk_shipping import Outcome
from orders.web import portal_page
from orders.web.presenting import View
from orders.web.shipping_forms import BulkShippingForm, TrackingForm
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
    """First what would become of each row, then (step=send) what became of it; safe to send again."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    form = BulkShippingForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _bulk_page(request, membership, form)
    try:
        rows = form.read()
    except DomainError as refusal:
        form.refuse(refusal)
        return _bulk_page(request, membership, form)
    if request.POST.get("step") != "send":
        outcomes = bulk_shipping.check(merchant_id=membership.merchant_id, rows=rows)
        return _bulk_page(request, membership, form, _checked(rows, outcomes))
    outcomes = bulk_shipping.ship_rows(
        merchant_id=membership.merchant_id, rows=rows, actor=membership.actor, at=clock.now()
    )
    return _bulk_page(request, membership, _what_is_left(rows, outcomes), _sent(outcomes))


def _what_is_left(rows: list[BulkRow], outcomes: list[Outcome]) -> BulkShippingForm:
    """Only the refused rows, ready to be put right."""
    wrong = {each.line for each in outcomes if each.refusal is not None}
    return BulkShippingForm(initial={"rows": "\n".join(row.line for row in rows if row.number in wrong)})


def _checked(rows: list[BulkRow], outcomes: list[Outcome]) -> View:
    ready = {row.order + row.tracking for row, each in _pairs(rows, outcomes) if each.pieces}
    table = [
        {**_row(each), "words": _words(each, _("Will be sent: %(n)s") % {"n": each.pieces})}
        for each in outcomes
    ]
    return {"rows": table, "ready": len(ready), "lines": "\n".join(row.line for row in rows)}


def _pairs(rows: list[BulkRow], outcomes: list[Outcome]) -> list[tuple[BulkRow, Outcome]]:
    return list(zip(sorted(rows, key=lambda row: row.number), outcomes, strict=True))


def _sent(outcomes: list[Outcome]) -> View:
    return {"rows": [{**_row(each), "words": _words(each, _("Sent"))} for each in outcomes], "ready": 0}


def _row(outcome: Outcome) -> View:
    return {"line": outcome.line, "text": outcome.text, "sent": outcome.refusal is None}


def _words(outcome: Outcome, done: str) -> str:
    if outcome.refusal is not None:
        return sentence(outcome.refusal)
    return _("Sent before") if outcome.before else done


def _bulk_page(
    request: Request, membership: Membership, form: BulkShippingForm, found: View | None = None
) -> HttpResponse:
    waiting = (
        access.orders_of_merchant(membership).shown_to_merchants().in_tab("to_ship", portal_page.SHIPPING)
    )
    context = {
        **portal_page.frame(membership),
        "form": form,
        **(found or {"rows": [], "ready": 0}),
        "waiting": waiting.next_to_ship_first()[:50],
    }
    return page(request, "orders/portal_bulk.html", context, status=422 if form.errors else 200)
