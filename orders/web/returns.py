"""Returning in two steps: pick and see the sum, then confirm; and the return's own page."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.errors import DomainError
from orders import access, asking
from orders import returns as returning
from orders.models import Order, OrderLine
from orders.web import order_page, presenting, return_page, return_sum
from orders.web.forms import ReturnForm
from orders.web.presenting import View
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@never_cache
@require_safe
def wizard(request: Request, number: str) -> HttpResponse:
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.RETURNS), number)
    return _pick(request, order, _form(order))


@never_cache
@require_POST
def check(request: Request, number: str) -> HttpResponse:
    """The second step: the sum line by line, before anything is asked for. Writes nothing."""
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.RETURNS), number)
    form = _form(order, request.POST)
    if form.is_valid():
        try:
            found = asking.check(order, lines=form.picked, kind=form.cleaned_data["kind"], at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            now = clock.now()
            context = {"order": order, "form": form, "now": now, **return_sum.shown(order, found, at=now)}
            return page(request, "orders/return_check.html", context)
    return _pick(request, order, form, status=422)


@require_POST
@idempotent
def ask(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    order = access.order_for_buyer(actor, number)
    form = _form(order, request.POST)
    if form.is_valid():
        try:
            made = returning.ask(
                order_id=order.pk,
                lines=form.picked,
                kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"],
                actor=actor,
                at=clock.now(),
            )
            return redirect(request, "orders:return-page", made.number)
        except DomainError as refusal:
            form.refuse(refusal)
    return _pick(request, order, form, status=422)


@never_cache
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    found = access.return_for_buyer(access.buyer_of(request, scope=Scope.RETURNS), number)
    return page(request, "orders/return.html", return_page.context(found, at=clock.now()))


def _form(order: Order, data: QueryDict | None = None) -> ReturnForm:
    here = asking.returnable(order)
    lines = [(line, here[line.pk]) for line in order.lines.all() if here.get(line.pk, 0) > 0]
    return ReturnForm(data, lines=lines, without_reason=asking.without_reason(order))


def _pick(request: Request, order: Order, form: ReturnForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    coming = order.state in asking.COMING
    context = {
        "order": order,
        "coming": coming,
        "form": form,
        "rows": [_row(form, line, most) for line, most in form.lines],
        "clocks": order_page.clocks(order, [], []),
        "now": now,
        "by_person": order.by_person and not asking.without_reason(order),
        "closed": not coming and (order.window_ends_at is None or now >= order.window_ends_at),
    }
    return page(request, "orders/return_pick.html", context, status=status)


def _row(form: ReturnForm, line: OrderLine, most: int) -> View:
    return {
        **presenting.thing_of(line),
        "line": line,
        "most": most,
        "field": form[f"line_{line.pk.hex}"],
    }
