"""The buyer's steps on a return: post, withdraw, take up again."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.errors import DomainError
from orders import access, returns, withdrawing
from orders.web import return_page
from orders.web.shipping_forms import TrackingForm
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@require_POST
@idempotent
def parcel(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    found = access.return_for_buyer(actor, number)
    form, now = TrackingForm(request.POST), clock.now()
    if form.is_valid():
        typed = form.cleaned_data["tracking_number"]
        try:
            returns.post(return_id=found.pk, tracking_number=typed, actor=actor, at=now)
            return redirect(request, "orders:return-page", number)
        except DomainError as refusal:
            form.refuse(refusal)
    return page(request, "orders/return.html", return_page.context(found, at=now, form=form), status=422)


@require_POST
@idempotent
def withdrawal(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    found = access.return_for_buyer(actor, number)
    withdrawing.withdraw(return_id=found.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:return-page", number)


@require_POST
@idempotent
def reopening(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    found = access.return_for_buyer(actor, number)
    returns.reopen(return_id=found.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:return-page", number)
