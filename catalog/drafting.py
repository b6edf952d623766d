"""Writing an offer: the draft may be unfinished, but never holds a value that can't be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import confirm_terms, freight_templates, pictures, together, variants
from catalog.barcodes import BarcodeRefused, check_digit_right
from catalog.contents import fresh_code, working_title
from catalog.drafts import merged
from catalog.lifecycle import ListingState
from catalog.models import Category, Listing
from catalog.schema import schema_of
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Merchant

SAVED = ("draft", "working_title", "draft_saved_at", "barcode", "freight_template")


class CodeTaken(DomainError):
    code = "code_taken"
    message = N_("You already have a listing with the code %(value)s. Open that one, or choose another code.")


class CodeRefused(Invalid):
    code = "code_refused"
    message = N_("Write a code of at most 64 letters, figures, dots, dashes or underscores.")


class DraftClosed(DomainError):
    code = "draft_closed"
    message = N_("The platform suspended this listing, so it can't be changed now. The reason stands above.")


@dataclass(frozen=True, slots=True)
class NewListing:
    """A draft to start; `code` is the merchant's own number for it, unique within the shop."""

    category: str
    code: str = ""
    barcode: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    stock: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """`changes` in the draft's shape: inside title, description, attributes and terms a None removes."""

    listing_id: UUID
    changes: Mapping[str, Any]
    barcode: str | None = None


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
    wanted = NewListing(category, code, barcode, changes or {}, stock)
    with together.alone():
        return create_listings(merchant_id=merchant_id, wanted=[wanted], actor=actor, at=at)[0]


@transaction.atomic
def create_listings(
    *, merchant_id: UUID, wanted: Sequence[NewListing], actor: Actor, at: datetime
) -> list[Listing]:
    """Start several drafts of a shop, all or none; without options in as many statements as one takes.

    :raises RowsRefused: with what `create_listing` raises, for every one that can't be started
    """
    merchant = Merchant.objects.locked(merchant_id)
    start = _Starting(merchant, wanted, at=at)
    listings = together.each(wanted, start.one)
    pictures.require_own([(merchant.pk, row.draft.get("images") or ()) for row in listings])
    variants.make(listings, on_hand=[each.stock for each in wanted])
    rows = list(zip(listings, (each.changes for each in wanted), strict=True))
    together.each(rows, lambda row: _keep_variants(*row, at=at))
    return listings


class _Starting:
    """What several new listings have to be held against, asked once."""

    def __init__(self, merchant: Merchant, wanted: Sequence[NewListing], *, at: datetime) -> None:
        self.merchant, self.at = merchant, at
        self._categories = Category.objects.in_bulk({each.category for each in wanted})
        codes = {each.code.strip() for each in wanted}
        there = Listing.objects.of_merchant(merchant.pk).filter(code__in=codes)
        self._codes = set(there.values_list("code", flat=True))
        self._skus = variants.taken_skus(merchant.pk, codes)
        self._templates: freight_templates.Known = {}

    def one(self, wanted: NewListing) -> Listing:
        category = self._categories.get(wanted.category)
        if category is None:
            raise NotFound
        code = self._free_code(wanted.code)
        listing = Listing(
            merchant=self.merchant,
            category=category,
            code=code,
            barcode=_barcode(wanted.barcode),
            draft={},
            draft_saved_at=self.at,
            created_at=self.at,
        )
        changes = freight_templates.in_changes(self.merchant.pk, wanted.changes, self._templates)
        confirm_terms.require_right(changes, category=category.pk, at=self.at)
        listing.draft = merged(schema_of(category.schema), {}, changes)
        _use_template(listing)
        listing.working_title = working_title(listing.draft)
        self._codes.add(code)
        return listing

    def _free_code(self, given: str) -> str:
        code = _code(given)
        if code in self._codes:
            raise CodeTaken(value=code)
        if code in self._skus:
            raise variants.SkuTaken(value=code)
        return code


@transaction.atomic
def edit_draft(
    *, listing_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime, barcode: str | None = None
) -> Listing:
    """Change the draft; what is live stays as it is until the next publication.

    :raises ValueRefused: :raises AmountRefused: :raises DraftClosed: :raises SkuTaken: and what
    `catalog.variant_drafts` refuses
    """
    with together.alone():
        return edit_drafts(edits=[Edit(listing_id, changes, barcode)], actor=actor, at=at)[0]


@transaction.atomic
def edit_drafts(*, edits: Sequence[Edit], actor: Actor, at: datetime) -> list[Listing]:
    """Change several drafts, each listing once; all or none.

    :raises RowsRefused: with what `edit_draft` raises, for every one that can't be changed
    """
    rows = Listing.objects.locked_in(each.listing_id for each in edits)
    templates: freight_templates.Known = {}

    def change(edit: Edit) -> Listing:
        if edit.listing_id not in rows:
            raise NotFound
        return _changed(rows[edit.listing_id], edit, templates, at=at)

    listings = together.each(edits, change)
    pictures.require_own(
        [(rows[each.listing_id].merchant_id, each.changes.get("images") or ()) for each in edits]
    )
    pairs = list(zip(listings, (each.changes for each in edits), strict=True))
    together.each(pairs, lambda pair: _keep_variants(*pair, at=at))
    Listing.objects.bulk_update(listings, SAVED)
    return listings


def _changed(listing: Listing, edit: Edit, templates: freight_templates.Known, *, at: datetime) -> Listing:
    if listing.state == ListingState.SUSPENDED:
        raise DraftClosed
    changes = freight_templates.in_changes(listing.merchant_id, edit.changes, templates)
    confirm_terms.require_right(changes, category=listing.category_id, at=at)
    listing.draft = merged(schema_of(listing.category.schema), listing.draft, changes)
    _use_template(listing)
    listing.working_title, listing.draft_saved_at = working_title(listing.draft), at
    if edit.barcode is not None:
        listing.barcode = _barcode(edit.barcode)
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
