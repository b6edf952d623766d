"""Paid places: booked and read in the portal, woven into a list, followed by whoever presses one."""

from __future__ import annotations

from collections.abc import Sequence
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
from catalog.lifecycle import ListingState
from catalog.models import Listing, Placement
from catalog.placement_models import PaidWith
from kernel import clock
from kernel.errors import DomainError
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


# So many goods stand in the form; the search finds the others.
MOST_OFFERED = 20


class PlacementForm(Form):
    """Goods, first day and length; any goods of the shop can be named, those on sale are offered."""

    listing = forms.ChoiceField(
        label=gettext_lazy("Which goods"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of your goods on sale.")},
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=Day)
    days = forms.IntegerField(label=gettext_lazy("How many days"), min_value=1, max_value=365)

    paid_with = forms.ChoiceField(
        label=gettext_lazy("Paid with"),
        choices=PaidWith.choices,
        initial=PaidWith.MONEY,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, goods: Sequence[Listing], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), f"{each.working_title} · {each.code}") for each in goods]
        self.fields["listing"].choices = offered  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """What the shop booked, with the figures of each day; booking another one."""
    if request.method == "POST":
        return _book(request, slug)
    membership = membership_for(request.actor, slug, needs=Capability.READ)
    return _page(request, membership, PlacementForm(_goods(request, membership)))


def _goods(request: Request, membership: Membership) -> list[Listing]:
    """What is on sale and meets the search, by title; what was chosen already stays among them."""
    chosen = request.POST.get("listing") or request.GET.get("listing") or ""
    return access.goods_on_sale(membership, _wanted(request), chosen=chosen, most=MOST_OFFERED)


def _wanted(request: Request) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:80]


@idempotent
def _book(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = PlacementForm(_goods(request, membership), request.POST)
    if form.is_valid():
        try:
            _booked(membership, form)
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
        listing_id=UUID(told["listing"]),
        first_day=told["first_day"],
        days=told["days"],
        paid_with=PaidWith(told["paid_with"] or PaidWith.MONEY),
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
        "q": _wanted(request),
        "many": access.listings_of(membership).of_state(ListingState.LIVE).count() > MOST_OFFERED,
        "rows": [_row(each) for each in placements.of_shop(membership.merchant_id)],
    }
    return page(request, "catalog/placements.html", context, "goods", status)


def _row(held: Placement) -> Part:
    days = sorted(held.by_day.all(), key=lambda each: each.day)
    return {
        "held": held,
        "with_points": held.paid_with == PaidWith.POINTS,
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
