"""The buyer's side of an order's thread: read, write; files as downloads."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import access
from orders.messages import reading, writing
from orders.models import Order
from orders.states import MessageSeat
from orders.web import message_form
from orders.web.message_form import MessageForm
from privacy.web import stored_files
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: Request, number: str) -> HttpResponse:
    """The whole thread; opening it is reading it. POST writes."""
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    if request.method == "POST":
        return _write(request, actor, order)
    return _page(request, actor, order, MessageForm())


@idempotent
def _write(request: Request, actor: Actor, order: Order) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            writing.write(
                order_id=order.pk,
                seat=MessageSeat.BUYER,
                text=form.cleaned_data["text"],
                uploads=message_form.uploads(request),
                needs_answer=not form.cleaned_data["closing"],
                actor=actor,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(request, "orders:messages", order.number)
    return _page(request, actor, order, form, status=422)


def _page(request: Request, actor: Actor, order: Order, form: MessageForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    said = reading.of_order(order, reader=actor, at=now)
    reading.mark_read(order_id=order.pk, seat=MessageSeat.BUYER, at=now)
    context = {
        "order": order,
        "rows": message_form.rows(said, order, MessageSeat.BUYER),
        "form": form,
        "turn": reading.open_turn(order.pk),
        "is_open": writing.is_open(order, at=now),
        "now": now,
    }
    return page(request, "orders/messages.html", context, fragment="thread", status=status)


@never_cache
@require_safe
def file(request: Request, number: str, file_id: UUID) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    stored = reading.file_of(order, file_id)
    return stored_files.answer(stored, purpose="orders.messages", actor=actor, at=clock.now())
