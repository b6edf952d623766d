"""The rows of the table: every variant of a shop's drafts with its price and its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, BooleanField, F, JSONField, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable, Func
from django.db.models.functions import Cast, Coalesce

from catalog.models import Listing, Variant
from catalog.variant_drafts import words
from kernel.errors import NotFound

SORTS: dict[str, tuple[str | Combinable, ...]] = {
    "": ("listing__working_title", "listing_id", "position", "id"),
    "sku": ("sku", "id"),
    "price": (F("asked").asc(nulls_last=True), "id"),
    "-price": (F("asked").desc(nulls_last=True), "id"),
    "stock": ("left", "id"),
    "-stock": ("-left", "id"),
    "saved": ("-listing__draft_saved_at", "listing_id", "position", "id"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: `low` is the most pieces that may be left."""

    category: str = ""
    state: str = ""
    text: str = ""
    low: int | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """`price_minor` is what the draft asks, None while open; `inherits`: it is the listing's price."""

    variant_id: UUID
    sku: str
    listing: Listing
    choice: str
    price_minor: int | None
    inherits: bool
    on_hand: int
    reserved: int
    on_sale: bool

    @property
    def left(self) -> int:
        return self.on_hand - self.reserved

    @property
    def has_options(self) -> bool:
        return bool(self.listing.draft.get("options"))


def _own(column: str) -> Func:
    """A key of what the draft says of the outer variant."""
    return Func(
        F("listing__draft"),
        Func(Value("id"), Cast("id", TextField()), function="jsonb_build_object"),
        template="((jsonb_path_query_first(%(expressions)s)) ->> '" + column + "')::bigint",
        arg_joiner=", '$.variants[*] ? (@.id == $id)', ",
        output_field=BigIntegerField(),
    )


def _drafted() -> Func:
    """Whether the draft names the variant."""
    return Func(
        Func(F("listing__draft"), Value("variants"), function="jsonb_extract_path", output_field=JSONField()),
        Cast("id", TextField()),
        template="(%(expressions)s)))",
        arg_joiner=" @> jsonb_build_array(jsonb_build_object('id', ",
        output_field=BooleanField(),
    )


def _whole() -> Func:
    return Func(
        F("listing__draft"),
        template="(%(expressions)s ->> 'price_minor')::bigint",
        output_field=BigIntegerField(),
    )


def of_shop(merchant_id: UUID) -> QuerySet[Variant]:
    """What the shop's drafts offer: the named variants, and the one of a listing without options."""
    plain = Q(listing__draft__variants=[]) | Q(listing__draft__variants__isnull=True)
    rows = Variant.objects.filter(merchant_id=merchant_id).annotate(
        drafted=_drafted(),
        asked=Coalesce(_own("price_minor"), _whole()),
        left=F("stock__on_hand") - F("stock__reserved"),
    )
    rows = rows.filter(Q(choice_key="") & plain | ~Q(choice_key="") & Q(drafted=True))
    return rows.select_related("stock", "listing").defer("listing__search")


def found(merchant_id: UUID, wanted: Wanted) -> QuerySet[Variant]:
    """Those that are wanted, in their order."""
    rows = of_shop(merchant_id)
    if wanted.category:
        rows = rows.filter(listing__category_id=wanted.category)
    if wanted.state:
        rows = rows.filter(listing__state=wanted.state)
    if wanted.low is not None:
        rows = rows.filter(stock__on_hand__lte=F("stock__reserved") + wanted.low)
    if wanted.text:
        text = wanted.text
        titled = Q(listing__code__icontains=text) | Q(listing__working_title__icontains=text)
        rows = rows.filter(Q(sku__icontains=text) | titled)
    return rows.order_by(*SORTS[wanted.sort])


def of_ids(merchant_id: UUID, ids: Sequence[UUID], *, locale: str) -> tuple[dict[UUID, TableRow], list[UUID]]:
    """The rows of these variants with all that a check asks, and those that left the drafts meanwhile.

    :raises NotFound: one of them isn't this shop's
    """
    if Variant.objects.filter(merchant_id=merchant_id, pk__in=ids).count() != len(set(ids)):
        raise NotFound
    known = of_shop(merchant_id).filter(pk__in=ids)
    known = known.select_related("listing__category", "listing__merchant", "listing__live_revision")
    found = {row.variant_id: row for row in read(known, locale=locale)}
    return found, [each for each in ids if each not in found]


def read(variants: Iterable[Variant], *, locale: str) -> list[TableRow]:
    return [_row(each, locale) for each in variants]


def _row(variant: Variant, locale: str) -> TableRow:
    draft, stock = variant.listing.draft, variant.stock
    each: dict[str, Any] = drafted_of(variant.listing).get(variant.pk, {})
    own, whole = each.get("price_minor"), draft.get("price_minor")
    return TableRow(
        variant_id=variant.pk,
        sku=variant.sku,
        listing=variant.listing,
        choice=words(draft.get("options") or [], each.get("choice") or {}, locale),
        price_minor=whole if own is None else own,
        inherits=own is None and bool(each),
        on_hand=stock.on_hand,
        reserved=stock.reserved,
        on_sale=variant.is_active and variant.listing.is_live,
    )


def drafted_of(listing: Listing) -> dict[UUID, dict[str, Any]]:
    """What the draft says of each variant that it names."""
    return {UUID(each["id"]): each for each in listing.draft.get("variants") or []}
