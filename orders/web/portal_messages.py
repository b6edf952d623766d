"""The shop's side of its orders' threads: what waits for an answer, one thread, writing, files."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access
from orders.messages import reading, writing
from orders.models import Order
from orders.states import MessageSeat
from orders.web import message_form, portal_page
from orders.web.message_form import MessageForm
from privacy.web import stored_files
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"waiting": N_("Waiting for you"), "all": N_("All")}


@never_cache
@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    tab = "all" if request.GET.get("tab") == "all" else "waiting"
    paged = paginate(request, reading.threads_of_shop(membership, waiting=tab == "waiting"))
    context = {
        **portal_page.frame(membership),
        "tabs": portal_page.tabs(TAB_WORDS, tab),
        "tab": tab,
        "paged": paged,
        "figure": reading.in_time(membership.merchant_id, at=clock.now()),
        "now": clock.now(),
    }
    return page(request, "orders/portal_message_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: Request, slug: str, number: str) -> HttpResponse:
    """One order's thread, for who works on orders: the buyer's words are theirs to read."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    if request.method == "POST":
        return _write(request, membership, order)
    return _page(request, membership, order, MessageForm(asks=False))


@idempotent
def _write(request: Request, membership: Membership, order: Order) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES, asks=False)
    if form.is_valid():
        try:
            writing.write(
                order_id=order.pk,
                seat=MessageSeat.MERCHANT,
                text=form.cleaned_data["text"],
                uploads=message_form.uploads(request),
                actor=membership.actor,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(request, "orders:merchant-messages", membership.merchant.slug, order.number)
    return _page(request, membership, order, form, status=422)


def _page(
    request: Request, membership: Membership, order: Order, form: MessageForm, status: int = 200
) -> HttpResponse:
    now = clock.now()
    said = reading.of_order(order, reader=membership.actor, at=now)
    reading.mark_read(order_id=order.pk, seat=MessageSeat.MERCHANT, at=now)
    context = {
        **portal_page.frame(membership),
        "order": order,
        "rows": message_form.rows(said, order, MessageSeat.MERCHANT),
        "form": form,
        "turn": reading.open_turn(order.pk),
        "is_open": writing.is_open(order, at=now),
        "now": now,
    }
    return page(request, "orders/portal_messages.html", context, status=status)


@never_cache
@require_safe
def file(request: Request, slug: str, number: str, file_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    stored = reading.file_of(order, file_id)
    return stored_files.answer(stored, purpose="orders.messages", actor=membership.actor, at=clock.now())
