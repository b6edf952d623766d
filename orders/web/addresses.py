"""The address book in the account: list and new entry, one entry, first choice, deleting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog import destinations
from catalog.web import sending_to
from kernel import clock
from kernel.errors import DomainError
from orders import address_book
from orders.limits import MOST_ADDRESSES
from orders.models import Address
from orders.web.forms import AddressForm
from orders.web.presenting import View
from rulebook import wording
from web.http import Request
from web.respond import page, redirect


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request) -> HttpResponse:
    """Every address, and a form for one more."""
    form = _form(request, initial={"destination": sending_to.of(request)})
    if request.method == "POST" and form.is_valid():
        try:
            address_book.keep(
                written=form.written,
                first_choice=form.cleaned_data["first_choice"],
                actor=request.actor,
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The address is in your book."))
            return redirect(request, "orders:addresses")
    return _page(request, form)


def _page(request: Request, form: AddressForm) -> HttpResponse:
    rows = [shown(each) for each in address_book.addresses_of(request.actor)]
    context = {"rows": rows, "form": form, "most": MOST_ADDRESSES, "full": len(rows) >= MOST_ADDRESSES}
    return page(request, "orders/addresses.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Request, address_id: UUID) -> HttpResponse:
    """Change one."""
    row = address_book.address_of(request.actor, address_id)
    form = _form(request, initial=written_in(row), whole=False)
    if request.method == "POST" and form.is_valid():
        try:
            address_book.change(address_id=row.pk, written=form.written, actor=request.actor, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The address is changed. Orders that you placed keep theirs."))
            return redirect(request, "orders:addresses")
    return page(
        request, "orders/address.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def first(request: Request, address_id: UUID) -> HttpResponse:
    """Make it the one that the checkout fills in."""
    address_book.choose_first(address_id=address_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The checkout fills in this address from now on."))
    return redirect(request, "orders:addresses")


@login_required
@require_POST
def removal(request: Request, address_id: UUID) -> HttpResponse:
    """Delete it from the book."""
    address_book.give_up(address_id=address_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The address is deleted. Orders that you placed keep theirs."))
    return redirect(request, "orders:addresses")


def _form(request: Request, *, initial: View, whole: bool = True) -> AddressForm:
    data = request.POST if request.method == "POST" else None
    return AddressForm(data, places=sending_to.choices(), whole=whole, initial=initial)


def written_in(row: Address) -> View:
    """What a form starts from."""
    return {
        "label": row.label,
        "name": row.recipient,
        "phone": row.phone,
        "address": row.address,
        "destination": row.destination,
    }


def shown(row: Address) -> View:
    """One address as its owner reads it."""
    return {
        "id": row.pk,
        "title": row.label or row.recipient,
        "recipient": row.recipient,
        "phone": row.phone,
        "address": row.address,
        "place": destinations.name(row.destination, wording.locale()),
        "is_first": row.is_default,
    }
