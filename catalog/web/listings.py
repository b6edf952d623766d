"""The merchant's list of listings: tabs by state, search, sort, export, a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models.expressions import Combinable
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog import access, drafting, queries
from catalog.importing import exporting
from catalog.licensing import Papers, papers_of
from catalog.lifecycle import STATE_WORDS, ListingState
from catalog.models import Listing
from catalog.queries import ListingQuerySet
from catalog.web import desk, effects
from catalog.web.forms import NewListingForm
from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.export import csv_response, xlsx_response
from web.http import Request
from web.paging import paginate
from web.respond import page, redirect

FILES = {"csv": csv_response, "xlsx": xlsx_response}
# As many as an import takes in about an hour; the filters above make the parts of a larger shop.
MOST_IN_A_FILE = 10_000
SORTS: dict[str, tuple[str | Combinable, str]] = {
    "": ("-draft_saved_at", "id"),
    "title": ("working_title", "id"),
    "code": ("code", "id"),
    "price": ("shelf_price_minor", "id"),
    "stock": (queries.summed("on_hand"), "id"),
}


@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    """Tabs by state with counts, search, sort."""
    membership = membership_for(request.actor, slug)
    wanted = _wanted(request)
    found, locale = _found(membership, wanted), get_language() or "zh-hans"
    paged = paginate(request, found, per_page=30)
    context = {
        "merchant": membership.merchant,
        "may_edit": membership.can(Capability.LISTINGS),
        "effects": effects.effects(membership.merchant, at=clock.now()),
        "tabs": _tabs(membership, wanted),
        "page": paged,
        "rows": desk.rows(paged.items, access.categories(), _papers(membership), locale=locale),
        **wanted,
    }
    return page(request, "catalog/listings.html", context, fragment="rows")


def _papers(membership: Membership) -> Papers:
    return papers_of(membership.merchant, at=clock.now())


def _wanted(request: Request) -> dict[str, str]:
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return {
        "state": state if state in list(ListingState) else "",
        "text": request.GET.get("q", "").replace("\x00", "").strip()[:80],
        "sort": sort if sort in SORTS else "",
    }


def _found(membership: Membership, wanted: dict[str, str]) -> ListingQuerySet:
    rows = access.listings_of(membership).with_pieces().with_waiting()
    return rows.of_state(wanted["state"]).matching_text(wanted["text"]).order_by(*SORTS[wanted["sort"]])


def _tabs(membership: Membership, wanted: dict[str, str]) -> list[dict[str, Any]]:
    counts = access.listings_of(membership).counted_by_state()
    base = reverse("catalog:listings", args=[membership.merchant.slug])
    every = {"url": base, "label": _("All"), "count": sum(counts.values()), "current": not wanted["state"]}
    return [every] + [
        {
            "url": f"{base}?state={state}",
            "label": _(words),
            "count": counts.get(str(state), 0),
            "current": wanted["state"] == state,
        }
        for state, words in STATE_WORDS.items()
    ]


@require_safe
def export(request: Request, slug: str) -> HttpResponse:
    """The list as shown, all pages of it, as a file for spreadsheets."""
    membership = membership_for(request.actor, slug)
    found = _found(membership, _wanted(request))
    categories, locale = access.categories(), get_language() or "zh-hans"
    rows = desk.rows(found, categories, _papers(membership), locale=locale)  # type: ignore[arg-type]
    lines = [
        (
            row["code"],
            row["title"],
            row["category"],
            row["state_said"],
            _decimal(row["price"]),
            row["on_hand"],
            row["gaps"],
        )
        for row in rows
    ]
    header = [_("Code"), _("Title"), _("Category"), _("State"), _("Price"), _("Stock"), _("Gaps")]
    return csv_response(f"{slug}-listings", header, lines)


@require_safe
def whole(request: Request, slug: str, ending: str) -> HttpResponse:
    """Every fact of the listings found, variants and names of pictures too, as the import reads it back."""
    membership = membership_for(request.actor, slug)
    if ending not in FILES:
        raise Http404
    found = list(_found(membership, _wanted(request))[:MOST_IN_A_FILE])
    header, lines = exporting.table(found, membership.merchant_id)
    return FILES[ending](f"{slug}-listings-whole", header, lines)


def _decimal(price: Money | None) -> str:
    return price.decimal_text if price is not None else ""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    """Start a draft: its category, its title, its code."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    form = NewListingForm(list(access.categories()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            listing = _start(membership, form.cleaned_data)
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The draft is there. Fill in what the list on the right asks for."))
            return redirect(request, "catalog:listing", slug, listing.pk)
    context = {"merchant": membership.merchant, "form": form}
    return page(request, "catalog/listing_new.html", context, status=422 if form.errors else 200)


def _start(membership: Membership, answers: dict[str, Any]) -> Listing:
    return drafting.create_listing(
        merchant_id=membership.merchant_id,
        category=answers["category"],
        code=answers["code"],
        changes={"title": {get_language() or "zh-hans": answers["title"]}},
        actor=membership.actor,
        at=clock.now(),
    )
