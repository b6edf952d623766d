"""Where an order or a return is handed over, and the code for it, as its buyer sees them."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.mandate_scopes import Scope
from kernel import clock
from orders import access
from orders.models import Order, PointCode, Return
from orders.pickup import codes, handing, readying
from orders.states import OrderState, ReturnState
from orders.web.presenting import View
from web.http import Request
from web.idempotency import idempotent
from web.respond import redirect

QR: dict[str, Any] = {
    "scale": 5,
    "border": 2,
    "omitsize": True,
    "svgclass": "qr",
    "lineclass": None,
    "light": "#fff",
}


def of_order(order: Order) -> View | None:
    """None for what is sent."""
    if not order.is_picked_up:
        return None
    ready = order.state == OrderState.SHIPPED
    code = codes.of_order(order) if ready else None
    return {**order.point_told, "ready": ready, "until": order.collect_by, **code_of(code)}


def of_return(found: Return) -> View | None:
    """The points that take it in; None where there are none or it isn't to be sent back now."""
    if found.state != ReturnState.ACCEPTED:
        return None
    points = handing.points_for_return(found.order)
    return {"points": points, **code_of(codes.of_return(found))} if points else None


def code_of(found: PointCode | None) -> View:
    if found is None or not found.code:
        return {"code": "", "picture": ""}
    return {"code": codes.shown(found.code), "picture": segno.make(found.code).svg_inline(**QR)}


@require_POST
@idempotent
def new_code(request: Request, number: str) -> HttpResponse:
    """Another pick-up code; the one before opens nothing any more."""
    actor = access.buyer_of(request, scope=Scope.BUY)
    order = access.order_for_buyer(actor, number)
    readying.new_code(order_id=order.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:order", number)


@require_POST
@idempotent
def return_code(request: Request, number: str) -> HttpResponse:
    """A code with which the goods are handed in at a service point."""
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    found = access.return_for_buyer(actor, number)
    handing.return_code(return_id=found.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:return-page", number)


def state_word(order: Order) -> str:
    """ "" for what is sent, and for steps that are the same."""
    if order.is_voucher and order.state == OrderState.PAID:
        return _("Paid, to be redeemed")
    if not order.is_picked_up:
        return ""
    words = {OrderState.PAID: _("Paid, being made ready"), OrderState.SHIPPED: _("Ready to be picked up")}
    return words.get(OrderState(order.state), "")
