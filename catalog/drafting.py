"""Writing an offer: the draft may be unfinished, but never holds a value that can't be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import freight_templates, pictures, variants
from catalog.barcodes import BarcodeRefused, check_digit_right
from catalog.contents import fresh_code, working_title
from catalog.drafts import merged
from catalog.lifecycle import ListingState
from catalog.models import Category, Listing
from catalog.schema import schema_of
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Merchant


class CodeTaken(DomainError):
    code = "code_taken"
    message = N_("You already have a listing with the code %(value)s. Open that one, or choose another code.")


class CodeRefused(Invalid):
    code = "code_refused"
    message = N_("Write a code of at most 64 letters, figures, dots, dashes or underscores.")


class DraftClosed(DomainError):
    code = "draft_closed"
    message = N_("The platform suspended this listing, so it can't be changed now. The reason stands above.")


@transaction.atomic
def create_listing(
    *,
    merchant_id: UUID,
    category: str,
    actor: Actor,
    at: datetime,
    code: str = "",
    barcode: str = "",
    changes: Mapping[str, Any] | None = None,
    stock: int = 0,
) -> Listing:
    """Start a draft; `code` is the merchant's own number for it, unique within the shop.

    :raises CodeTaken: :raises NotFound: no such category :raises ValueRefused: in `changes`
    """
    merchant = Merchant.objects.locked(merchant_id)
    row = Category.objects.filter(pk=category).first()
    if row is None:
        raise NotFound
    code = _code(code)
    if Listing.objects.filter(merchant=merchant, code=code).exists():
        raise CodeTaken(value=code)
    listing = Listing(
        merchant=merchant,
        category=row,
        code=code,
        barcode=_barcode(barcode),
        draft={},
        draft_saved_at=at,
        created_at=at,
    )
    changes = freight_templates.in_changes(merchant.pk, changes or {})
    listing.draft = merged(schema_of(row.schema), {}, changes)
    _use_template(listing)
    pictures.require_own(merchant.pk, listing.draft.get("images") or ())
    listing.working_title = working_title(listing.draft)
    variants.make(listing, on_hand=stock)
    _keep_variants(listing, changes, at=at)
    return listing


@transaction.atomic
def edit_draft(
    *, listing_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime, barcode: str | None = None
) -> Listing:
    """Change the draft; what is live stays as it is until the next publication.

    `changes` has the draft's shape; inside title, description, attributes and terms a None removes.
    :raises ValueRefused: :raises AmountRefused: :raises DraftClosed: :raises SkuTaken: and what
    `catalog.variant_drafts` refuses
    """
    listing = Listing.objects.locked(listing_id)
    if listing.state == ListingState.SUSPENDED:
        raise DraftClosed
    changes = freight_templates.in_changes(listing.merchant_id, changes)
    listing.draft = merged(schema_of(listing.category.schema), listing.draft, changes)
    _use_template(listing)
    pictures.require_own(listing.merchant_id, changes.get("images") or ())
    listing.working_title, listing.draft_saved_at = working_title(listing.draft), at
    if barcode is not None:
        listing.barcode = _barcode(barcode)
    _keep_variants(listing, changes, at=at)
    listing.save(update_fields=["draft", "working_title", "draft_saved_at", "barcode", "freight_template"])
    return listing


def _use_template(listing: Listing) -> None:
    """The row names the template that the draft holds, so that none in use can be deleted."""
    terms = listing.draft.get("freight")
    listing.freight_template_id = UUID(terms["template"]) if terms else None


def _keep_variants(listing: Listing, changes: Mapping[str, Any], *, at: datetime) -> None:
    """Rows for the draft's variants, whose ids then stand in the draft."""
    if "options" in changes or "variants" in changes:
        variants.keep(listing, at=at)
        listing.save(update_fields=["draft"])


def _code(code: str) -> str:
    cleaned = code.strip() or fresh_code()
    if not re.fullmatch(r"[\w.\-]{1,64}", cleaned):
        raise CodeRefused
    return cleaned


def _barcode(barcode: str) -> str:
    cleaned = barcode.strip().replace(" ", "")
    if cleaned and not check_digit_right(cleaned):
        raise BarcodeRefused(value=cleaned[:20])
    return cleaned
