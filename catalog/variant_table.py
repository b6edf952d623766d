"""What a merchant does in the table of variants: options, combinations, and each row's price and count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import drafting, stock
from catalog.models import Listing, Variant
from catalog.variant_drafts import choice_key, combinations
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound

Part = dict[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NamedOption:
    """An option as it was typed: names by language, and those of its values."""

    labels: Labels
    values: Sequence[Labels]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was typed; `on_hand` is None where nobody counted anew."""

    id: UUID
    sku: str
    price_minor: int | None
    barcode: str
    images: Sequence[int]
    on_hand: int | None = None
    weight_grams: int | None = None
    # The crossed-out price and its days (`reduction_terms.checked`); None where there is none.
    reduction: Part | None = None


@transaction.atomic
def set_options(*, listing_id: UUID, options: Sequence[NamedOption], actor: Actor, at: datetime) -> Listing:
    """Name the options; each combination that was never there is added, what was taken out stays out.

    :raises OptionRefused: :raises OptionTwice: :raises TooManyVariants: :raises DraftClosed:
    """
    listing = Listing.objects.locked(listing_id)
    drafted = {choice_key(each["choice"]): each for each in listing.draft.get("variants") or []}
    there = set(Variant.objects.of_listing(listing_id).values_list("choice_key", flat=True))
    named = keyed(options, listing.draft.get("options") or [], there)
    changes: Part = {"options": named, "variants": []}
    for choice in combinations(named):
        key = choice_key(choice)
        if key in drafted or key not in there:
            changes["variants"].append(drafted.get(key) or {"choice": choice, "price_minor": None})
    return drafting.edit_draft(listing_id=listing_id, changes=changes, actor=actor, at=at)


def keyed(options: Sequence[NamedOption], before: Sequence[Part], there: Iterable[str]) -> list[Part]:
    """What has a name that was there keeps its key; a new name gets one that never meant anything here."""
    used = {word for key in there for part in key.split("&") for word in part.split("=")}
    keys = _fresh("o", [_key_of(each.labels, before) for each in options], used)
    return [
        {"key": key, "labels": dict(option.labels), "values": _values(option, _called(before, key), used)}
        for key, option in zip(keys, options, strict=True)
    ]


def _values(option: NamedOption, before: Sequence[Part], used: set[str]) -> list[Part]:
    keys = _fresh("v", [_key_of(labels, before) for labels in option.values], used)
    return [{"key": key, "labels": dict(labels)} for key, labels in zip(keys, option.values, strict=True)]


def _called(before: Sequence[Part], key: str) -> list[Part]:
    return next((each["values"] for each in before if each["key"] == key), [])


def _key_of(labels: Labels, before: Sequence[Part]) -> str:
    for each in before:
        if set(labels.items()) & set(each["labels"].items()):
            return str(each["key"])
    return ""


def _fresh(stem: str, keys: Sequence[str], used: set[str]) -> list[str]:
    """A key for each that has none; `used` takes them in."""
    used.update(filter(None, keys))
    names = (name for number in count(1) if (name := f"{stem}{number}") not in used)
    found = [key or next(names) for key in keys]
    used.update(found)
    return found


@transaction.atomic
def save_rows(*, listing_id: UUID, rows: Sequence[Row], actor: Actor, at: datetime) -> Listing:
    """Write the table; counts only where somebody counted, because buyers go on buying meanwhile.

    :raises NotFound: a row that isn't in this draft; and what `drafting.edit_draft` and `stock.count` refuse,
        with the field of the row
    """
    listing = Listing.objects.locked(listing_id)
    typed = {str(row.id): row for row in rows}
    drafted = listing.draft.get("variants") or []
    if not typed.keys() <= {each["id"] for each in drafted}:
        raise NotFound
    changes = {"variants": [_written(each, typed.get(each["id"])) for each in drafted]}
    listing = drafting.edit_draft(listing_id=listing_id, changes=changes, actor=actor, at=at)
    for place, row in enumerate(rows):
        if row.on_hand is not None:
            _count(row, place, actor=actor, at=at)
    return listing


def _written(each: Part, row: Row | None) -> Part:
    if row is None:
        return each
    return {
        **each,
        "sku": row.sku,
        "price_minor": row.price_minor,
        "barcode": row.barcode,
        "images": list(row.images),
        "weight_grams": row.weight_grams,
        "reduction": row.reduction,
    }


def _count(row: Row, place: int, *, actor: Actor, at: datetime) -> None:
    assert row.on_hand is not None
    try:
        stock.count(variant_id=row.id, on_hand=row.on_hand, actor=actor, at=at)
    except DomainError as refused:
        refused.params["field"] = f"v{place}-on_hand"
        raise


@transaction.atomic
def bring_back(*, variant_id: UUID, actor: Actor, at: datetime) -> Listing:
    """Put a variant that was taken out into the draft again; it is on sale with the next version.

    :raises NotFound: :raises ChoiceIncomplete: the options aren't those any more
    """
    row = Variant.objects.get_or_not_found(pk=variant_id)
    drafted = Listing.objects.locked(row.listing_id).draft.get("variants") or []
    if any(each["id"] == str(variant_id) for each in drafted):
        return row.listing
    choice = dict(part.split("=", 1) for part in row.choice_key.split("&") if part)
    back = {"id": str(variant_id), "sku": row.sku, "choice": choice, "price_minor": None}
    changes = {"variants": [*drafted, back]}
    return drafting.edit_draft(listing_id=row.listing_id, changes=changes, actor=actor, at=at)


@transaction.atomic
def change_row(*, variant_id: UUID, changes: Mapping[str, Any], actor: Actor, at: datetime) -> Listing:
    """Change what the draft says of one variant: sku, price_minor, barcode, images.

    :raises NotFound: it isn't in the draft, as the one of a listing without options; and what
        `drafting.edit_draft` refuses
    """
    listing = Listing.objects.locked(Variant.objects.get_or_not_found(pk=variant_id).listing_id)
    drafted = listing.draft.get("variants") or []
    if all(each["id"] != str(variant_id) for each in drafted):
        raise NotFound
    rows = [{**each, **changes} if each["id"] == str(variant_id) else each for each in drafted]
    return drafting.edit_draft(listing_id=listing.pk, changes={"variants": rows}, actor=actor, at=at)
