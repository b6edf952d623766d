"""A listing's variants as rows: kept beside the draft, put on sale with it, retired at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog.events import VariantRetired
from catalog.lifecycle import VARIANT, VariantState
from catalog.models import Listing, Stock, Variant
from catalog.moving import move_variants
from catalog.variant_drafts import choice_key
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from outbox import bus
from rulebook import policies

POLICY = "catalog.variants"


class SkuTaken(DomainError):
    code = "sku_taken"
    message = N_("The SKU %(value)s belongs to another variant of your shop. Choose another one.")


class TooManyVariants(Invalid):
    code = "too_many_variants"
    message = N_(
        "A listing has at most %(options)s options, %(values)s values each and %(variants)s variants."
        " Make a second listing for the rest."
    )


class LastVariant(DomainError):
    code = "last_variant"
    message = N_("This is the last one on sale. Take the whole listing off sale instead.")


def make(listings: Sequence[Listing], *, on_hand: Sequence[int]) -> None:
    """Write new listings, each with its one variant, which has the listing's id and code."""
    rows = [Variant(pk=one.pk, listing=one, merchant_id=one.merchant_id, sku=one.code) for one in listings]
    Variant.objects.bulk_create(rows)
    Listing.objects.bulk_create(listings)
    Stock.objects.bulk_create(
        Stock(variant=row, listing=row.listing, on_hand=pieces)
        for row, pieces in zip(rows, on_hand, strict=True)
    )


def taken_skus(merchant_id: UUID, skus: Collection[str]) -> set[str]:
    """Those of these that some variant of the shop goes by."""
    rows = Variant.objects.filter(merchant_id=merchant_id, sku__in=skus)
    return set(rows.values_list("sku", flat=True))


def keep(listing: Listing, *, at: datetime) -> None:
    """Give every variant of a locked listing's draft its row; a choice that was there keeps its own.

    :raises TooManyVariants: :raises SkuTaken: :raises NotFound: an id that isn't this listing's
    """
    drafted: list[dict[str, Any]] = listing.draft.get("variants") or []
    _limit(listing.draft, at=at)
    rows = {row.pk: row for row in Variant.objects.locked_of(listing.pk)}
    by_choice = {row.choice_key: row for row in rows.values()}
    kept: list[Variant] = []
    for place, each in enumerate(drafted):
        key = choice_key(each["choice"])
        row = by_choice.get(key)
        if row is None or row in kept:
            row = _changed(rows, each["id"], kept)
        row = row or Variant(listing=listing, merchant_id=listing.merchant_id)
        row.choice_key, row.position, row.sku = key, place, each["sku"] or row.sku
        kept.append(row)
    _name(listing, kept)
    for each, row in zip(drafted, kept, strict=True):
        each["id"], each["sku"] = str(row.pk), row.sku
    _give_up_skus(rows.values(), kept)
    _refuse_taken(listing, kept)
    new = [row for row in kept if row.pk not in rows]
    Variant.objects.bulk_update(rows.values(), ["choice_key", "position", "sku"])
    Variant.objects.bulk_create(new)
    Stock.objects.bulk_create(Stock(variant=row, listing=listing) for row in new)


def _changed(rows: Mapping[UUID, Variant], given: str, kept: Collection[Variant]) -> Variant | None:
    """What was never on sale may still become another choice; what was, is a promise that stays."""
    if not given:
        return None
    try:
        row = rows[UUID(given)]
    except (ValueError, KeyError):
        raise NotFound from None
    free = row.state == VariantState.DRAFT and row.choice_key and row not in kept
    return row if free else None


def _name(listing: Listing, kept: Collection[Variant]) -> None:
    """A SKU for each that the merchant gave none: the listing's code and a number."""
    nameless = [row for row in kept if not row.sku]
    if nameless:
        stem = f"{listing.code[:58]}-"
        rows = Variant.objects.filter(merchant_id=listing.merchant_id, sku__startswith=stem)
        used = {*rows.values_list("sku", flat=True), *(row.sku for row in kept)}
        free = (name for number in count(1) if (name := f"{stem}{number}") not in used)
        for row, name in zip(nameless, free, strict=False):
            row.sku = name


def _limit(draft: Mapping[str, Any], *, at: datetime) -> None:
    most = policies.value(POLICY, at)
    options = draft.get("options") or []
    values = max((len(each["values"]) for each in options), default=0)
    variants = len(draft.get("variants") or [])
    if len(options) > most["options"] or values > most["values"] or variants > most["variants"]:
        raise TooManyVariants(**{key: most[key] for key in ("options", "values", "variants")})


def _give_up_skus(rows: Collection[Variant], kept: Collection[Variant]) -> None:
    """What left the draft before it was ever on sale doesn't keep its SKU from the others."""
    wanted = {row.sku for row in kept}
    for row in rows:
        if row.state == VariantState.DRAFT and row.choice_key and row not in kept and row.sku in wanted:
            row.sku = row.pk.hex


def _refuse_taken(listing: Listing, kept: list[Variant]) -> None:
    skus = Counter(row.sku for row in kept)
    others = Variant.objects.filter(merchant_id=listing.merchant_id, sku__in=list(skus))
    free = others.exclude(pk__in=[row.pk for row in kept]).exclude(listing=listing, state=VariantState.DRAFT)
    taken = set(free.values_list("sku", flat=True)) | {listing.code}
    for place, row in enumerate(kept):
        if row.sku in taken or skus[row.sku] > 1:
            raise SkuTaken(value=row.sku, field=f"v{place}-sku")


def put_on_sale(offered: Mapping[UUID, Collection[UUID]]) -> None:
    """With new versions, by listing: what each names is on sale, what it leaves out is retired."""
    rows = Variant.objects.locked_of(*offered)
    named = {row.pk for row in rows if row.pk in offered[row.listing_id]}
    move_variants([row for row in rows if row.pk in named and not row.is_active], "offer")
    move_variants([row for row in rows if row.pk not in named and row.is_active], "retire")


@transaction.atomic
def retire(*, variant_id: UUID, actor: Actor, at: datetime) -> Variant:
    """Take one variant off sale at once, and out of the draft; its orders keep it.

    :raises LastVariant: nothing else would be left :raises IllegalMove: it is retired :raises NotFound:
    """
    listing_id = Variant.objects.get_or_not_found(pk=variant_id).listing_id
    listing = Listing.objects.locked(listing_id)
    rows = Variant.objects.locked_of(listing.pk)
    row = next(each for each in rows if each.pk == variant_id)
    VARIANT.target(row.state, "retire")
    if listing.is_live and row.is_active and sum(each.is_active for each in rows) == 1:
        raise LastVariant
    move_variants([row], "retire")
    drafted = listing.draft.get("variants") or []
    listing.draft["variants"] = [each for each in drafted if each["id"] != str(variant_id)]
    listing.draft_saved_at = at
    listing.save(update_fields=["draft", "draft_saved_at"])
    bus.publish(VariantRetired(listing.pk, listing.merchant_id, row.pk), at=at)
    return row
