"""Putting sets into the cart, counting them in sets, taking them out whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from orders import access, cart_sets
from orders.web import carts
from orders.web.forms import AddSetForm, QuantityForm
from web.errors import sentence
from web.http import Request
from web.respond import redirect


@require_POST
def add(request: Request) -> HttpResponse:
    """Put a set into the cart as the page showed it; `go=checkout` goes on to pay for just that one."""
    form = AddSetForm(request.POST)
    if not form.is_valid():
        return carts.cart_page(request, problem=next(iter(form.problems))[1], status=422)
    now, told = clock.now(), form.cleaned_data
    actor = access.shopper_made(request, at=now)
    subject_id = actor.subject_id
    assert subject_id is not None
    chosen = {"set_id": told["set"], "revision_id": told["revision"], "quantity": told["quantity"]}
    try:
        cart_sets.put(subject_id=subject_id, **chosen, actor=actor, at=now)
    except DomainError as refusal:
        return carts.cart_page(request, problem=sentence(refusal), status=refusal.status)
    carts.remember_count(request, subject_id)
    if request.POST.get("go") == "checkout":
        return redirect(request, f"{reverse('orders:checkout')}?variant={told['set']}")
    return redirect(request, "orders:cart")


@require_POST
def change(request: Request, set_id: UUID) -> HttpResponse:
    """Set the number of sets, or take them out."""
    shopper = access.shopper_or_nobody(request)
    if shopper is None or (subject_id := shopper.subject_id) is None:
        return redirect(request, "orders:cart")
    if "remove" in request.POST:
        cart_sets.remove(subject_id=subject_id, set_id=set_id)
        return carts.changed(request, subject_id)
    form = QuantityForm(request.POST)
    if form.is_valid():
        many = form.cleaned_data["quantity"]
        try:
            cart_sets.change(
                subject_id=subject_id, set_id=set_id, quantity=many, actor=shopper, at=clock.now()
            )
            return carts.changed(request, subject_id)
        except DomainError as refusal:
            form.refuse(refusal)
    return carts.cart_page(request, wrong=(set_id, form), status=422)
