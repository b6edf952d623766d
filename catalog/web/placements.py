"""Paid places: booked and read in the portal, woven into a list, followed by whoever presses one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog import access, placement_figures, placements
from catalog.models import Placement
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from merchants.web.document_forms import Day
from rulebook import policies
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

Part = dict[str, Any]


class PlacementForm(Form):
    code = forms.CharField(label=gettext_lazy("Your code of the product"), max_length=64)
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=Day)
    days = forms.IntegerField(label=gettext_lazy("How many days"), min_value=1, max_value=365)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """What the shop booked, with the figures of each day; booking another one."""
    if request.method == "POST":
        return _book(request, slug)
    return _page(request, membership_for(request.actor, slug, needs=Capability.READ), PlacementForm())


@idempotent
def _book(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = PlacementForm(request.POST)
    if form.is_valid():
        try:
            _booked(membership, form)
        except NotFound:
            form.add_error("code", _("Your shop has no product with this code."))
        except DomainError as refused:
            form.refuse(refused)
    if form.errors:
        return _page(request, membership, form, status=422)
    messages.success(request, _("Booked and paid. It shows from its first day on."))
    return redirect(request, "catalog:placements", slug)


def _booked(membership: Membership, form: PlacementForm) -> Placement:
    told = form.cleaned_data
    return placements.book(
        merchant_id=membership.merchant_id,
        listing_id=access.listing_of_code(membership, told["code"].strip()),
        first_day=told["first_day"],
        days=told["days"],
        actor=membership.actor,
        at=clock.now(),
    )


def _page(request: Request, membership: Membership, form: PlacementForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        "merchant": membership.merchant,
        "may_book": membership.can(Capability.OWNER),
        "form": form,
        "price": placements.price(at),
        "policy": policies.value(placements.POLICY, at),
        "rows": [_row(each) for each in placements.of_shop(membership.merchant_id)],
    }
    return page(request, "catalog/placements.html", context, status=status)


def _row(held: Placement) -> Part:
    days = sorted(held.by_day.all(), key=lambda each: each.day)
    return {
        "held": held,
        "last_day": held.first_day + timedelta(days=held.days - 1),
        "days": days,
        "shown": sum(each.shown for each in days),
        "followed": sum(each.followed for each in days),
    }


@never_cache
@require_safe
def follow(request: Request, placement_id: UUID) -> HttpResponse:
    """To the goods of a paid place; counts the press and nobody who made it."""
    listing_id = access.placed_listing(placement_id)
    if request.method == "GET":
        placement_figures.note([placement_id], "followed", at=clock.now())
    return redirect(request, "catalog:product", listing_id)
