"""Writing an offer: the draft may be unfinished, but never holds a value that can't be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import promises
from catalog.barcodes import check_digit_right
from catalog.contents import LANGUAGES, fresh_code, working_title
from catalog.lifecycle import ListingState
from catalog.models import Category, Listing, Stock
from catalog.schema import Schema, schema_of
from catalog.values import CONTROL, TOO_LONG, ValueRefused, parse
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import LIMIT_MINOR
from merchants.models import Merchant

TITLE_LENGTH, DESCRIPTION_LENGTH, MOST_IMAGES = 120, 5000, 9
_PICTURE = re.compile(r"(pictures|files)/[A-Za-z0-9._/-]{1,120}", re.ASCII)
MATS = frozenset({"sand", "moss", "mist", "clay", "wheat"})


class CodeTaken(DomainError):
    code = "code_taken"
    message = N_("You already have a listing with the code %(value)s. Open that one, or choose another code.")


class CodeRefused(Invalid):
    code = "code_refused"
    message = N_("Write a code of at most 64 letters, figures, dots, dashes or underscores.")


class BarcodeRefused(Invalid):
    code = "barcode_refused"
    message = N_("The barcode %(value)s isn't right: its last figure doesn't fit the others.")


class AmountRefused(Invalid):
    code = "amount_refused"
    message = N_("The price has to be above zero, and freight can't be negative.")


class PictureRefused(Invalid):
    code = "picture_refused"
    message = N_("Use at most nine pictures, each with a description for people who can't see it.")


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
    merchant = Merchant.objects.get_or_not_found(pk=merchant_id)
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
    listing.draft = _merged(schema_of(row.schema), {}, changes or {})
    listing.working_title = working_title(listing.draft)
    listing.save(force_insert=True)
    Stock.objects.create(listing=listing, on_hand=stock)
    return listing


@transaction.atomic
def edit_draft(
    *, listing_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime, barcode: str | None = None
) -> Listing:
    """Change the draft; what is live stays as it is until the next publication.

    `changes` has the draft's shape; inside title, description, attributes and terms a None removes.
    :raises ValueRefused: :raises AmountRefused: :raises DraftClosed:
    """
    listing = Listing.objects.locked(listing_id)
    if listing.state == ListingState.SUSPENDED:
        raise DraftClosed
    listing.draft = _merged(schema_of(listing.category.schema), listing.draft, changes)
    listing.working_title, listing.draft_saved_at = working_title(listing.draft), at
    if barcode is not None:
        listing.barcode = _barcode(barcode)
    listing.save(update_fields=["draft", "working_title", "draft_saved_at", "barcode"])
    return listing


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


def _merged(schema: Schema, draft: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = dict(draft)
    for key, limit in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
        if key in changes:
            new[key] = _texts(key, limit, draft.get(key) or {}, changes[key] or {})
    if "attributes" in changes:
        new["attributes"] = _attributes(schema, draft.get("attributes") or {}, changes["attributes"] or {})
    for key, lowest in (("price_minor", 1), ("freight_minor", 0)):
        if key in changes:
            new[key] = _amount(changes[key], lowest)
    if "images" in changes:
        new["images"] = _images(changes["images"] or [])
    if "terms" in changes:
        new["terms"] = _terms(draft.get("terms") or {}, changes["terms"] or {})
    return new


def _texts(key: str, limit: int, old: Mapping[str, str], new: Mapping[str, Any]) -> dict[str, str]:
    merged = {
        **old,
        **{locale: str(text or "").strip() for locale, text in new.items() if locale in LANGUAGES},
    }
    for text in merged.values():
        if len(text) > limit:
            raise ValueRefused(key, {"zh-hans": key}, TOO_LONG, limit=limit)
        if any(ord(each) < 32 and each not in "\n\r\t" for each in text):
            raise ValueRefused(key, {"zh-hans": key}, CONTROL)
    return {locale: text for locale, text in merged.items() if text}


def _attributes(schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, raw in new.items():
        if (spec := schema.by_key.get(key)) is not None:
            merged[key] = parse(spec, raw)
    return {key: value for key, value in merged.items() if value is not None}


def _amount(value: Any, lowest: int) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not lowest <= value <= LIMIT_MINOR:
        raise AmountRefused
    return value


def _images(images: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(images) > MOST_IMAGES:
        raise PictureRefused
    kept = []
    for each in images:
        alt = {
            locale: str(text)[:200] for locale, text in (each.get("alt") or {}).items() if locale in LANGUAGES
        }
        source, mat = str(each.get("src", "")), str(each.get("mat") or "sand")
        if not _PICTURE.fullmatch(source) or ".." in source or mat not in MATS:
            raise PictureRefused
        kept.append({"src": source, "alt": alt, "mat": mat})
    return kept


def _terms(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    if "promises" in new:
        merged["promises"] = promises.checked(new["promises"] or [])
    for key in ("excludes_return", "exclusion"):
        if key in new:
            merged[key] = new[key] or (None if key == "excludes_return" else "")
    return merged
