"""The listing editor: what is saved, what is missing, and putting it on sale."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import access, drafting, publishing, stock, submitting
from catalog.contents import LANGUAGES
from catalog.models import Listing, Picture
from catalog.publishing import ListingIncomplete
from catalog.schema import schema_of
from catalog.web import changes, desk, editor_sections, previewing, variant_desk, wording
from catalog.web.forms import TONGUES, EditorForm, StockForm
from catalog.web.offer_page import law
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect, wants_fragment

PAGE, MOST_OFFERED = "catalog/editor.html", 20


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, slug: str, key: str) -> HttpResponse:
    """The editor; posting saves every value that can be read and names the others."""
    needs = Capability.LISTINGS if request.method == "POST" else Capability.READ
    membership = membership_for(request.actor, slug, needs=needs)
    listing = access.listing_for(membership, key)
    if request.method == "POST":
        return _save(request, membership, listing, clock.now())
    form = EditorForm(listing, schema_of(listing.category.schema))
    return page(request, PAGE, context(membership, listing, form, clock.now()))


def context(membership: Membership, listing: Listing, form: EditorForm, at: datetime) -> dict[str, Any]:
    """What the editor shows around its forms."""
    locale = get_language() or "zh-hans"
    duties = desk.duty_names(form.schema, locale=locale, at=at)
    said = wording.said_of(listing, listing.draft, form, locale=locale, at=at)
    suspension = access.taken_down(listing)
    only = stock.pieces(listing).get(listing.pk, stock.NO_PIECES)
    return {
        **desk.editor(listing, membership, locale=locale, at=at),
        **said,
        **wording.handed_in(listing),
        "form": form,
        "duties": duties,
        "sections": editor_sections.of_schema(form, duties, said["flags"], locale=locale),
        **editor_sections.terms(form, locale=locale),
        "titles": [form["title_zh-hans"], form["title_zh-hant"], form["title_en"]],
        "descriptions": [form["description_zh-hans"], form["description_zh-hant"], form["description_en"]],
        "revisions": access.revisions_of(listing),
        "only": only,
        "stock_form": StockForm(initial={"on_hand": only.on_hand}, auto_id="s-%s"),
        "suspension": suspension,
        "suspension_law": law(suspension.rule_id, locale=locale, at=at) if suspension else None,
        "pictures": _pictures(listing),
        "collection": _collection(membership, listing),
        **variant_desk.part(listing),
        "now": at,
    }


def _pictures(listing: Listing) -> list[dict[str, Any]]:
    """The draft's pictures, each with its words by language."""
    shown = listing.draft.get("images") or []
    return [
        {**each, "words": [(locale, _(TONGUES[locale]), each["alt"].get(locale, "")) for locale in LANGUAGES]}
        for each in shown
    ]


def _collection(membership: Membership, listing: Listing) -> list[Picture]:
    """The newest pictures of the shop that this listing doesn't show yet."""
    there = {each["src"] for each in listing.draft.get("images") or []}
    newest = access.pictures_of(membership)[: MOST_OFFERED + len(there)]
    return [each for each in newest if each.source not in there][:MOST_OFFERED]


def _save(request: Request, membership: Membership, listing: Listing, at: datetime) -> HttpResponse:
    form = EditorForm(listing, schema_of(listing.category.schema), data=request.POST)
    form.is_valid()
    written = {"changes": form.changes(), "barcode": form.cleaned_data.get("barcode", "")}
    try:
        drafting.edit_draft(listing_id=listing.pk, actor=membership.actor, at=at, **written)
    except DomainError as refused:
        form.refuse(refused)
    listing = access.listing_for(membership, str(listing.pk))
    if wants_fragment(request) or form.errors:
        shown = {**context(membership, listing, form, at), "swapped": wants_fragment(request)}
        return page(request, PAGE, shown, "completeness", 422 if form.errors else 200)
    messages.success(request, _("Saved. What is on sale stays as it is until you publish."))
    return redirect(request, "catalog:listing", membership.merchant.slug, listing.pk)


@require_POST
def publication(request: Request, slug: str, key: str) -> HttpResponse:
    """Hand the saved draft in; a gap answers with the editor and what is missing."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing = access.listing_for(membership, key)
    try:
        handed_in = submitting.submit(listing_id=listing.pk, actor=membership.actor, at=clock.now())
    except ListingIncomplete as refused:
        form = EditorForm(listing, schema_of(listing.category.schema))
        shown = {**context(membership, listing, form, clock.now()), "refused": sentence(refused)}
        return page(request, PAGE, shown, status=422)
    if submitting.is_settled(handed_in):
        messages.success(request, _("It is on sale."))
        return redirect(request, "catalog:listing", slug, listing.pk)
    return redirect(request, "catalog:submission", slug, listing.pk, handed_in.pk)


@require_POST
def withdrawal(request: Request, slug: str, key: str) -> HttpResponse:
    """Take it off sale; orders already placed go on."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing = access.listing_for(membership, key)
    publishing.withdraw(listing_id=listing.pk, actor=membership.actor, at=clock.now())
    messages.success(request, _("It's off sale. Orders already placed go on as agreed."))
    return redirect(request, "catalog:listing", slug, listing.pk)


@require_POST
def count_stock(request: Request, slug: str, key: str) -> HttpResponse:
    """Set the count of pieces on hand."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing, at = access.listing_for(membership, key), clock.now()
    form = StockForm(request.POST, auto_id="s-%s")
    if form.is_valid():
        on_hand = form.cleaned_data["on_hand"]
        stock.count(variant_id=listing.pk, on_hand=on_hand, actor=membership.actor, at=at)
        messages.success(request, _("Stock saved."))
        return redirect(request, "catalog:listing", slug, listing.pk)
    editor_form = EditorForm(listing, schema_of(listing.category.schema))
    shown = {**context(membership, listing, editor_form, at), "stock_form": form}
    return page(request, PAGE, shown, status=422)


@require_safe
def compare(request: Request, slug: str, key: str, number: int) -> HttpResponse:
    """The draft, or the version that `with` names, beside a frozen version."""
    membership = membership_for(request.actor, slug)
    listing = access.listing_for(membership, key)
    revision = access.revision_of(listing, number)
    other = request.GET.get("with", "")
    newer = access.revision_of(listing, int(other)) if other.isascii() and other.isdigit() else None
    shown = {
        "merchant": membership.merchant,
        "listing": listing,
        "revision": revision,
        "newer": newer,
        "revisions": access.revisions_of(listing),
        "changes": changes.between(listing, revision, newer, locale=get_language() or "zh-hans"),
    }
    return page(request, "catalog/compare.html", shown)


@require_safe
def preview(request: Request, slug: str, key: str) -> HttpResponse:
    """The draft as its page would be; nothing is frozen by looking."""
    membership = membership_for(request.actor, slug)
    listing, at = access.listing_for(membership, key), clock.now()
    shown = previewing.page_of(listing, locale=get_language() or "zh-hans", at=at)
    return page(request, "catalog/preview.html", {**shown, "merchant": membership.merchant})
