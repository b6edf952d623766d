"""The merchant's orders: what has to be sent next, and each order's page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import N_
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access
from orders import cancellation as cancelling
from orders.models import Order
from orders.queries import OrderQuerySet
from orders.tabs import MERCHANT_TABS
from orders.web import order_page, portal_page
from orders.web.presenting import View, thing_of
from privacy.access_record import record_export
from web.export import csv_response
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {
    "to_confirm": N_("To confirm"),
    "to_ship": N_("To send"),
    "to_redeem": N_("To redeem"),
    "shipped": N_("Sent"),
    "disputed": N_("In dispute"),
    "all": N_("All"),
}
MOST_IN_FILE = 5000


@never_cache
@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    tab = request.GET.get("tab", "to_ship")
    tab = tab if tab in MERCHANT_TABS else "to_ship"
    found = _found(membership, tab, request.GET.get("q", ""))
    if request.GET.get("format") == "csv":
        return _file(membership, found)
    paged = paginate(request, found.with_lines())
    clocks = order_page.next_clocks(paged, seat="member")
    context = {
        **portal_page.frame(membership),
        "tabs": portal_page.tabs(TAB_WORDS, tab),
        "tab": tab,
        "q": request.GET.get("q", ""),
        "paged": paged,
        "rows": [{**_row(order), "clock": clocks.get(order.pk)} for order in paged],
        "now": clock.now(),
    }
    return page(request, "orders/portal_list.html", context, fragment="rows")


def _found(membership: Membership, tab: str, asked: str) -> OrderQuerySet:
    mine = access.orders_of_merchant(membership).shown_to_merchants().in_tab(tab, MERCHANT_TABS)
    wanted = asked.strip().upper()[:40]
    found = mine.matching(wanted) if wanted else mine
    return found.next_to_ship_first() if tab == "to_ship" else found.newest_first()


def _row(order: Order) -> View:
    things = [{**thing_of(line), "quantity": line.quantity} for line in order.lines.all()]
    return {"order": order, "things": things, "state_word": portal_page.state_word(order)}


def _file(membership: Membership, found: OrderQuerySet) -> HttpResponse:
    """Exactly the rows that are shown, without personal data; who took the file stands under its number."""
    held = list(found[:MOST_IN_FILE])
    number = record_export(
        actor=membership.actor, what="orders.list", rows=len(held), subject_ids=(), fields=(), at=clock.now()
    )
    header = [
        _("Order"), _("State"), _("Confirm by"), _("Confirmed"), _("Paid"), _("Send by"), _("Total"),
        _("Refunded"),
    ]  # fmt: skip
    rows = (
        [order.number, order.state, _text(order.confirm_by), _text(order.confirmed_at),
         _text(order.paid_at), _text(order.dispatch_by), order.total.decimal_text,
         order.refunded.decimal_text]
        for order in held
    )  # fmt: skip
    return csv_response("orders", header, rows, number=number)


def _text(instant: datetime | None) -> str:
    return instant.isoformat(timespec="minutes") if instant else ""


@never_cache
@require_safe
def show(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    order = access.order_for_merchant(membership, number)
    context = portal_page.order_view(membership, order, at=clock.now())
    return page(request, "orders/portal_order.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    if request.method == "POST":
        return _cancel(request, membership, order)
    return page(request, "orders/portal_cancel.html", portal_page.cancel_page(membership, order))


@idempotent
def _cancel(request: Request, membership: Membership, order: Order) -> HttpResponse:
    cancelling.cancel(order_id=order.pk, actor=membership.actor, at=clock.now())
    return redirect(request, "orders:merchant-order", membership.merchant.slug, order.number)
