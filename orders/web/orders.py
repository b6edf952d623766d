"""The buyer's list of orders, an order's page, and the guest's way to it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import guests
from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.errors import N_
from orders import access, guest_links
from orders.models import Order
from orders.tabs import TABS
from orders.web import order_page, presenting, timeline
from orders.web.presenting import View
from payments.starting import payment_url
from web.http import Request
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {
    "all": N_("All"),
    "unpaid": N_("Waiting for payment"),
    "reserved": N_("To be confirmed"),
    "coming": N_("On the way"),
    "returnable": N_("Can be returned"),
    "disputed": N_("In dispute"),
}
PER_PAGE = 12


@never_cache
@require_safe
def listing(request: Request) -> HttpResponse:
    actor = access.buyer_or_nobody(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    tab = request.GET.get("tab", "all")
    tab = tab if tab in TABS else "all"
    mine = access.orders_of_buyer(actor)
    paged = paginate(request, mine.in_tab(tab).newest_first().with_lines(), per_page=PER_PAGE)
    tabs = [
        {"url": f"?tab={name}", "label": _(word), "count": None, "current": name == tab}
        for name, word in TAB_WORDS.items()
    ]
    now, clocks = clock.now(), order_page.next_clocks(paged)
    rows = [{**_row(order, now), "clock": clocks.get(order.pk)} for order in paged]
    context = {"tabs": tabs, "paged": paged, "rows": rows, "now": now}
    return page(request, "orders/list.html", context)


def _row(order: Order, at: datetime) -> View:
    things = [
        {**presenting.thing_of(line), "quantity": line.quantity, "total": line.goods_paid}
        for line in order.lines.all()
    ]
    return {
        "order": order,
        "state_word": order_page.state_word(order),
        "things": things,
        "steps": timeline.steps(order),
        "actions": order_page.actions(order, at=at),
        "window_open": not order.by_person and order.window_ends_at is not None and at < order.window_ends_at,
    }


@never_cache
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_or_nobody(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    order = access.order_for_buyer(actor, number)
    return page(request, "orders/order.html", order_page.buyer_page(order, at=clock.now()))


@never_cache
@require_safe
def payment(request: Request, number: str) -> HttpResponse:
    """On to the payer's page of the payment that this order belongs to."""
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.BUY), number)
    return redirect(request, payment_url(access.payment_number(order)))


@never_cache
@require_safe
def guest(request: Request, token: str) -> HttpResponse:
    """The signed link proves whose order it is; from here the browser acts as that guest."""
    order = access.order_by_id(guest_links.order_id(token))
    guests.recognise(request, subject_id=order.subject_id)
    return redirect(request, "orders:order", order.number)
