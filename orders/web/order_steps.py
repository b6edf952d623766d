"""The buyer's steps on an order: each first says what ends, then does it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_
from orders import access, asking_receipt, fulfilment
from orders import cancellation as cancelling
from orders.models import Order
from orders.states import OrderState
from orders.web import reserved_view, voucher_view
from web.formats import money_text
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

NOT_HERE = N_("Not here yet, or broken? Don't confirm. Open a complaint instead: that freezes the money.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.BUY)
    order = access.order_for_buyer(actor, number)
    if request.method == "POST":
        return _confirm_delivery(request, order, actor)
    context = {
        "title": _("Have you received everything?"),
        "will": [
            _("Your time to return without a reason starts today."),
            _("The money stays in escrow until that time and three more days are over."),
        ],
        "wont": _(NOT_HERE),
        "submit": _("I have received it"),
        "action": reverse("orders:delivery", args=[number]),
    }
    return _ask(request, order, context)


@idempotent
def _confirm_delivery(
    request: Request, order: Order, actor: Actor, parcel_id: UUID | None = None
) -> HttpResponse:
    fulfilment.confirm_delivery(order_id=order.pk, parcel_id=parcel_id, actor=actor, at=clock.now())
    return redirect(request, "orders:order", order.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parcel_delivery(request: Request, number: str, parcel_id: UUID) -> HttpResponse:
    """One parcel of several: the clocks start with the last one."""
    actor = access.buyer_of(request, scope=Scope.BUY)
    order = access.order_for_buyer(actor, number)
    parcel = access.parcel_for_buyer(order, parcel_id)
    if request.method == "POST":
        return _confirm_delivery(request, order, actor, parcel.pk)
    context = {
        "title": _("Have you received parcel %(number)s?") % {"number": parcel.tracking_number},
        "will": [_("Your time to return without a reason starts when the last parcel is with you.")],
        "wont": _(NOT_HERE),
        "submit": _("I have received it"),
        "action": reverse("orders:parcel-delivery", args=[number, parcel.pk]),
    }
    return _ask(request, order, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parcel_denial(request: Request, number: str, parcel_id: UUID) -> HttpResponse:
    """Somebody else signed and the buyer hasn't got it."""
    actor = access.buyer_of(request, scope=Scope.BUY)
    order = access.order_for_buyer(actor, number)
    parcel = access.parcel_for_buyer(order, parcel_id)
    if request.method == "POST":
        return _deny(request, order, actor, parcel.pk)
    context = {
        "title": _("You haven't got parcel %(number)s?") % {"number": parcel.tracking_number},
        "will": [
            _("The carrier has to show where it is."),
            _("If it can't in time, the parcel counts as lost and your money for it goes back."),
        ],
        "wont": _("Ask at your door, your concierge or a locker first. You can still say that it has come."),
        "submit": _("I haven't got it"),
        "action": reverse("orders:parcel-denial", args=[number, parcel.pk]),
    }
    return _ask(request, order, context)


@idempotent
def _deny(request: Request, order: Order, actor: Actor, parcel_id: UUID) -> HttpResponse:
    asking_receipt.deny(order_id=order.pk, parcel_id=parcel_id, actor=actor, at=clock.now())
    return redirect(request, "orders:order", order.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.BUY)
    order = access.order_for_buyer(actor, number)
    if request.method == "POST":
        return _cancel(request, order, actor)
    context = {
        "title": _("Cancel this order?"),
        "will": _what_cancelling_does(order),
        "wont": _("A cancelled order can't be taken up again; you would have to order anew."),
        "submit": _("Cancel order"),
        "action": reverse("orders:cancellation", args=[number]),
        "danger": True,
    }
    return _ask(request, order, context)


def _what_cancelling_does(order: Order) -> list[str]:
    if order.state == OrderState.AWAITING_PAYMENT:
        return [
            _("Nothing is charged."),
            _("All orders of this checkout end, because one payment covers them."),
        ]
    if order.state == OrderState.RESERVED:
        return reserved_view.what_cancelling_does(order)
    back = _("%(amount)s goes back the way you paid.") % {"amount": money_text(cancelling.worth(order))}
    if order.is_voucher:
        return [back, *voucher_view.cancelling(order)]
    if any(line.sent_quantity for line in order.lines.all()):
        return [back, _("Only what wasn't sent is cancelled. The parcels that have left still come.")]
    return [back]


@idempotent
def _cancel(request: Request, order: Order, actor: Actor) -> HttpResponse:
    cancelling.cancel(order_id=order.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:order", order.number)


def _ask(request: Request, order: Order, context: Mapping[str, object]) -> HttpResponse:
    back = {"back_url": reverse("orders:order", args=[order.number]), "back_label": _("Back to the order")}
    return page(request, "orders/confirm.html", {"order": order, **back, **context})
