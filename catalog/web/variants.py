"""Options and variants in the editor: naming them, the table, taking one out and bringing it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import access, variant_table, variants
from catalog.models import Listing
from catalog.schema import schema_of
from catalog.web import editor
from catalog.web.forms import EditorForm
from catalog.web.variant_desk import part
from catalog.web.variant_forms import OptionsForm, VariantsForm
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.forms import Form
from web.http import Request
from web.respond import page, redirect


@require_POST
def options(request: Request, slug: str, key: str) -> HttpResponse:
    """Name the options and have their combinations made."""
    membership, listing, at = _at_work(request, slug, key)
    form = OptionsForm(listing, request.POST)
    if form.is_valid():
        try:
            variant_table.set_options(
                listing_id=listing.pk, options=form.options(), actor=membership.actor, at=at
            )
        except DomainError as refused:
            form.refuse(refused)
    if form.errors:
        return _again(request, membership, listing, at, options_form=form)
    messages.success(request, _("Options saved. Check price and stock of each variant below."))
    return redirect(request, "catalog:listing", slug, listing.pk)


@require_POST
def table(request: Request, slug: str, key: str) -> HttpResponse:
    """SKU, price, stock, barcode and pictures of every variant at once."""
    membership, listing, at = _at_work(request, slug, key)
    form = VariantsForm(listing, request.POST)
    if form.is_valid():
        try:
            variant_table.save_rows(listing_id=listing.pk, rows=form.rows(), actor=membership.actor, at=at)
        except DomainError as refused:
            form.refuse(refused)
    if form.errors:
        return _again(request, membership, listing, at, table_form=form)
    messages.success(request, _("Variants saved. Stock counts at once, prices with the next version."))
    return redirect(request, "catalog:listing", slug, listing.pk)


@require_POST
def retirement(request: Request, slug: str, key: str, variant_id: UUID) -> HttpResponse:
    """Take one variant off sale at once; its orders keep it."""
    membership, listing, at = _at_work(request, slug, key)
    row = access.variant_of(listing, variant_id)
    variants.retire(variant_id=row.pk, actor=membership.actor, at=at)
    messages.success(
        request, _("%(sku)s is off sale. Orders already placed go on as agreed.") % {"sku": row.sku}
    )
    return redirect(request, "catalog:listing", slug, listing.pk)


@require_POST
def return_to_draft(request: Request, slug: str, key: str, variant_id: UUID) -> HttpResponse:
    """Back into the draft, and on sale with the next version."""
    membership, listing, at = _at_work(request, slug, key)
    row = access.variant_of(listing, variant_id)
    variant_table.bring_back(variant_id=row.pk, actor=membership.actor, at=at)
    messages.success(request, _("%(sku)s is in the draft again.") % {"sku": row.sku})
    return redirect(request, "catalog:listing", slug, listing.pk)


def _at_work(request: Request, slug: str, key: str) -> tuple[Membership, Listing, datetime]:
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    return membership, access.listing_for(membership, key), clock.now()


def _again(
    request: Request, membership: Membership, listing: Listing, at: datetime, **typed: Form
) -> HttpResponse:
    """The editor with what was typed and what is wrong with it; nothing was saved."""
    form = EditorForm(listing, schema_of(listing.category.schema))
    shown = {**editor.context(membership, listing, form, at), **part(listing, **typed)}  # type: ignore[arg-type]
    return page(request, editor.PAGE, shown, status=422)
