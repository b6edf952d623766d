"""The address book at the checkout: which entry is filled in, which others there are, keeping a new one."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.urls import reverse

from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from orders import access, address_book
from orders.models import Address
from orders.web.addresses import shown as entry
from orders.web.addresses import written_in
from orders.web.forms import CheckoutForm
from orders.web.presenting import View
from web.errors import sentence
from web.http import Request

ASKED = "address"


def chosen(request: Request, actor: Actor | None) -> View:
    """What the address names, else the first choice; {} where the book is empty or isn't one's own.

    :raises NotFound: another person's entry, or none
    """
    asked = request.GET.get(ASKED, "")
    rows = _rows(request, actor)
    if asked:
        found = next((row for row in rows if str(row.pk) == asked), None)
        if found is None:
            raise NotFound
        return written_in(found)
    return written_in(rows[0]) if rows and rows[0].is_default else {}


def shown(request: Request, form: CheckoutForm) -> list[View]:
    """Every entry with the link that fills it in; the one that stands in the form is marked."""
    rows = _rows(request, access.shopper_or_nobody(request))
    told = tuple(str(form[name].value() or "") for name in ("name", "phone", "address"))
    return [
        {**entry(row), "url": _url(request, row.pk), "here": told == (row.recipient, row.phone, row.address)}
        for row in rows
    ]


def keep(request: Request, actor: Actor, form: CheckoutForm, *, at: datetime) -> None:
    """After the order: a book that takes no more is said, and the order stands."""
    if not form.cleaned_data.get("keep") or request.acting:
        return
    try:
        address_book.keep(written=form.written, actor=actor, at=at)
    except DomainError as refusal:
        messages.warning(request, sentence(refusal))


def _rows(request: Request, actor: Actor | None) -> list[Address]:
    """Somebody who acts for another buys with their scope and doesn't read their book."""
    kept: dict[str, list[Address]] = vars(request)
    if "_book_rows" not in kept:
        mine = actor and not request.acting
        kept["_book_rows"] = list(address_book.addresses_of(actor)) if actor and mine else []
    return kept["_book_rows"]


def _url(request: Request, address_id: UUID) -> str:
    variants = request.POST.getlist("variant") or request.GET.getlist("variant")
    asked = [(ASKED, str(address_id)), *(("variant", each) for each in variants)]
    return f"{reverse('orders:checkout')}?{urlencode(asked)}"
