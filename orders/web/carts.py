"""The cart page and what changes it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog import wish_list
from catalog.web import freight_words, sending_to
from kernel import clock
from kernel.errors import DomainError
from orders import access, cart
from orders.web import presenting
from orders.web.forms import AddForm, QuantityForm
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect, wants_fragment


@never_cache
@require_safe
def show(request: Request) -> HttpResponse:
    return cart_page(request)


@require_POST
def add(request: Request) -> HttpResponse:
    """Put a listing into the cart; `go=checkout` goes on to pay for just that one."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return cart_page(request, problem=next(iter(form.problems))[1], status=422)
    now, told = clock.now(), form.cleaned_data
    actor = access.shopper_made(request, at=now)
    subject_id = actor.subject_id
    assert subject_id is not None
    chosen = {"listing_id": told["listing"], "variant_id": told["variant"], "quantity": told["quantity"]}
    try:
        line = cart.put(subject_id=subject_id, **chosen, actor=actor, at=now)
    except DomainError as refusal:
        if wants_fragment(request):
            raise
        return cart_page(request, problem=sentence(refusal), status=refusal.status)
    if told["wish"]:
        wish_list.moved_on(line_id=told["wish"], subject_id=subject_id)
    return _added(request, line.variant_id, remember_count(request, subject_id))


def _added(request: Request, variant_id: UUID, pieces: int) -> HttpResponse:
    if request.POST.get("go") == "checkout":
        return redirect(request, f"{reverse('orders:checkout')}?variant={variant_id}")
    if wants_fragment(request):
        return page(request, "orders/cart_added.html", {"count": pieces, "text": gettext("In the cart")})
    return redirect(request, "orders:cart")


@require_POST
def change(request: Request, variant_id: UUID) -> HttpResponse:
    shopper = access.shopper_or_nobody(request)
    if shopper is None or (subject_id := shopper.subject_id) is None:
        return redirect(request, "orders:cart")
    if "remove" in request.POST:
        cart.remove(subject_id=subject_id, variant_id=variant_id)
        return changed(request, subject_id)
    form = QuantityForm(request.POST)
    if form.is_valid():
        facts = {
            "subject_id": subject_id,
            "variant_id": variant_id,
            "quantity": form.cleaned_data["quantity"],
        }
        try:
            cart.change(**facts, actor=shopper, at=clock.now())
            return changed(request, subject_id)
        except DomainError as refusal:
            form.refuse(refusal)
    return cart_page(request, wrong=(variant_id, form), status=422)


def changed(request: Request, subject_id: UUID) -> HttpResponse:
    remember_count(request, subject_id)
    return redirect(request, "orders:cart")


def _contents(subject_id: UUID | None, place: str) -> cart.Cart:
    if subject_id is None:
        return cart.Cart((), ())
    return cart.contents(subject_id=subject_id, place=place, at=clock.now(), ways={})


def remember_count(request: Request, subject_id: UUID) -> int:
    """The header shows this number without asking the database."""
    pieces = cart.count(subject_id=subject_id)
    request.session["cart_count"] = pieces
    return pieces


def cart_page(
    request: Request, *, problem: str = "", wrong: tuple[UUID, QuantityForm] | None = None, status: int = 200
) -> HttpResponse:
    """The cart, with what was refused; `wrong` names the variant or set whose number it was."""
    shopper = access.shopper_or_nobody(request)
    subject_id = shopper.subject_id if shopper else None
    place = sending_to.of(request)
    found = _contents(subject_id, place)
    pieces = sum(item.quantity for item in (*found.items, *found.blocked))
    if request.session.get("cart_count", 0) != pieces:
        request.session["cart_count"] = pieces
    context = {
        "cart": presenting.cart_view(found, at=clock.now(), wrong=wrong),
        "cart_count": pieces,
        "problem": problem,
        "picker": sending_to.picker(place),
        "freight_rule": freight_words.rule(),
    }
    return page(request, "orders/cart.html", context, status=status)
