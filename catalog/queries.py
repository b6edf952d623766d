"""Listings and stock, asked for as the trade would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps as django_apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, JSONObject

from catalog.lifecycle import ListingState, ReservationState
from kernel.errors import NotFound
from merchants.lifecycle import SELLING

if TYPE_CHECKING:
    from catalog.import_models import ImportRun
    from catalog.models import (  # noqa: F401 (named in a base class)
        FreightTemplate,
        Listing,
        ListingRevision,
        Picture,
        PriceHistory,
        Reservation,
        ShopSet,
        Stock,
        Variant,
    )


def _stocks() -> StockQuerySet:
    """The stock of the listing that the outer statement is about."""
    model = django_apps.get_model("catalog", "Stock")
    rows: StockQuerySet = model._default_manager.filter(listing=OuterRef("pk"))
    return rows


# What has a piece that can be bought, of any of its variants.
IN_STOCK = Q(availability__in_stock=True)


def summed(column: str) -> Combinable:
    """A listing's `on_hand`, `reserved` or `sold` over all its variants."""
    rows = _stocks().order_by().values("listing").annotate(n=Sum(column)).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


class ListingQuerySet(models.QuerySet["Listing"]):
    def locked(self, pk: UUID) -> Listing:
        """:raises NotFound: when there is none"""
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def locked_in(self, ids: Iterable[UUID]) -> dict[UUID, Listing]:
        """Those that there are, held in id order; each shop and category among them is read once."""
        rows = self.filter(pk__in=list(ids)).order_by("pk").select_related("live_revision").defer("search")
        found = list(rows.select_for_update(of=("self",), no_key=True))
        models.prefetch_related_objects(found, "merchant", "category")
        return {row.pk: row for row in found}

    def live(self) -> ListingQuerySet:
        """What the public may find and buy: live listings of shops that sell."""
        return self.filter(state=ListingState.LIVE, merchant__state__in=[str(state) for state in SELLING])

    def of_merchant(self, merchant_id: UUID) -> ListingQuerySet:
        return self.filter(merchant_id=merchant_id)

    def with_offer(self) -> ListingQuerySet:
        """With all that a card or page shows, in the same statement."""
        return self.select_related("merchant", "live_revision").with_pieces()

    def with_pieces(self) -> ListingQuerySet:
        """With the stock of every variant beside it (`catalog.stock.pieces` reads it)."""
        row = JSONObject(
            variant=F("variant_id"),
            state=F("variant__state"),
            on_hand=F("on_hand"),
            reserved=F("reserved"),
            sold=F("sold"),
        )
        return self.annotate(pieces=ArraySubquery(_stocks().values_list(row)))

    def using_template(self, template_id: UUID) -> ListingQuerySet:
        """What uses a freight template, in one order for locking."""
        return self.filter(freight_template_id=template_id).order_by("pk")

    def with_waiting(self) -> ListingQuerySet:
        """With since when a submission of it waits to be read (`waits_since`, else None)."""
        model = django_apps.get_model("catalog", "Submission")
        rows = model._default_manager.open().filter(listing=OuterRef("pk")).order_by("submitted_at")
        return self.annotate(waits_since=Subquery(rows.values("submitted_at")[:1]))

    def selling(self, variant_ids: Iterable[UUID]) -> ListingQuerySet:
        """The listings of these variants."""
        stocks = _stocks().filter(variant__in=list(variant_ids))
        return self.filter(Exists(stocks))

    def of_state(self, state: str) -> ListingQuerySet:
        return self.filter(state=state) if state else self

    def counted_by_state(self) -> dict[str, int]:
        rows = self.order_by().values("state").annotate(number=Count("id"))
        return {row["state"]: row["number"] for row in rows}

    def matching_text(self, text: str) -> ListingQuerySet:
        """For the merchant's own list: part of the code or of the drafted title."""
        return self.filter(Q(code__icontains=text) | Q(working_title__icontains=text)) if text else self

    def get_or_not_found(self, **where: object) -> Listing:
        row = self.filter(**where).first()
        if row is None:
            raise NotFound
        return row


class RevisionQuerySet(models.QuerySet["ListingRevision"]):
    def of_listing(self, listing_id: UUID) -> RevisionQuerySet:
        return self.filter(listing_id=listing_id).order_by("-number")

    def live_at(self, listing_id: UUID, at: datetime) -> ListingRevision | None:
        """The newest revision that had been published at that instant."""
        return self.filter(listing_id=listing_id, published_at__lte=at).order_by("-number").first()


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def locked(self, pk: UUID) -> ImportRun:
        """:raises NotFound: when there is none"""
        row = self.select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def of_merchant(self, merchant_id: UUID) -> ImportRunQuerySet:
        return self.filter(merchant_id=merchant_id).order_by("-received_at", "-id")

    def under_way(self) -> ImportRunQuerySet:
        return self.filter(state__in=("received", "waiting"))

    def next_to_work_on(self) -> ImportRun | None:
        """The one whose turn it is, locked; shops with a long file don't keep the others waiting."""
        waiting = self.under_way().select_for_update(of=("self",), skip_locked=True)
        return (
            waiting.select_related("merchant", "membership").order_by("next_row", "received_at", "id").first()
        )

    def counted(self, pk: UUID) -> dict[str, int]:
        rows = self.filter(pk=pk).order_by().values_list("lines__result").annotate(number=Count("lines"))
        return {result: number for result, number in rows if result}


class PictureQuerySet(models.QuerySet["Picture"]):
    def of_merchant(self, merchant_id: UUID) -> PictureQuerySet:
        """Those that are still there, the newest first."""
        kept = self.filter(merchant_id=merchant_id, removed_at__isnull=True)
        return kept.order_by("-added_at", "-id")

    def with_digest(self, digest: bytes) -> Picture | None:
        return self.filter(digest=digest).first()

    def named(self, text: str) -> PictureQuerySet:
        return self.filter(name__icontains=text) if text else self


def goods_minor() -> Combinable:
    """Of a price history's row: what the goods asked without freight, as its revision froze it."""
    named = Func(
        F("revision__content"),
        JSONObject(id=Cast("variant_id", models.TextField())),
        function="jsonb_path_query_first",
        arg_joiner=", '$.variants[*] ? (@.id == $id).price_minor', ",
        output_field=models.JSONField(),
    )
    whole = KeyTransform("price_minor", "revision__content")
    return Cast(Coalesce(named, whole, output_field=models.JSONField()), models.BigIntegerField())


class PriceQuerySet(models.QuerySet["PriceHistory"]):
    def of_listing(self, listing_id: UUID) -> PriceQuerySet:
        return self.filter(listing_id=listing_id).order_by("-valid_from", "-id")

    def of_variant(self, variant_id: UUID) -> PriceQuerySet:
        return self.filter(variant_id=variant_id).order_by("-valid_from", "-id")

    def in_force_since(self, instant: datetime) -> PriceQuerySet:
        """Every variant's prices from then on, and the one that it began with."""
        same = self.model._default_manager.filter(variant=OuterRef("variant"), valid_from__lte=instant)
        later = same.filter(valid_from__gt=OuterRef("valid_from"))
        return self.filter(Q(valid_from__gt=instant) | ~Exists(later))

    def newest_of(self, listing_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
        """What each variant of these listings asked last, in minor units: all in, and the goods alone."""
        rows = self.filter(listing_id__in=list(listing_ids)).order_by("variant_id", "-valid_from", "-id")
        newest = rows.distinct("variant_id").values_list("variant_id", "price_minor", goods_minor())
        return {variant_id: (whole, goods) for variant_id, whole, goods in newest}


class VariantQuerySet(models.QuerySet["Variant"]):
    def of_listing(self, listing_id: UUID) -> VariantQuerySet:
        return self.filter(listing_id=listing_id).order_by("position", "id")

    def locked_of(self, *listing_ids: UUID) -> list[Variant]:
        rows = self.filter(listing_id__in=listing_ids).order_by("listing_id", "position", "id")
        return list(rows.select_for_update(of=("self",), no_key=True))

    def get_or_not_found(self, **where: object) -> Variant:
        row = self.filter(**where).first()
        if row is None:
            raise NotFound
        return row


class StockQuerySet(models.QuerySet["Stock"]):
    def locked(self, variant_ids: Iterable[UUID]) -> list[Stock]:
        """The rows, held in id order so that two buyers can't wait for each other."""
        rows = self.filter(pk__in=list(variant_ids)).order_by("pk")
        return list(rows.select_for_update(of=("self",), no_key=True))


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def held(self) -> ReservationQuerySet:
        return self.filter(state=ReservationState.HELD)

    def of(self, reference: UUID) -> ReservationQuerySet:
        return self.filter(reference=reference).order_by("variant_id")

    def locked_for(self, reference: UUID) -> list[Reservation]:
        return list(self.of(reference).select_for_update(of=("self",), no_key=True))

    def overdue(self, at: datetime) -> ReservationQuerySet:
        return self.held().filter(expires_at__lte=at).order_by("expires_at", "id")


class FreightTemplateQuerySet(models.QuerySet["FreightTemplate"]):
    def of_merchant(self, merchant_id: UUID) -> FreightTemplateQuerySet:
        """Those that are there, by name."""
        return self.filter(merchant_id=merchant_id, removed_at__isnull=True).order_by("name", "id")

    def locked(self, pk: UUID) -> FreightTemplate:
        """:raises NotFound: removed, or there is none"""
        rows = self.filter(pk=pk, removed_at__isnull=True)
        row = rows.select_for_update(of=("self",), no_key=True).first()
        if row is None:
            raise NotFound
        return row


class ShopSetQuerySet(models.QuerySet["ShopSet"]):
    def locked(self, pk: UUID) -> ShopSet:
        """:raises NotFound:"""
        rows = self.filter(pk=pk).select_related("live_revision", "merchant")
        row = rows.select_for_update(of=("self",), no_key=True).first()
        if row is None:
            raise NotFound
        return row

    def of_merchant(self, merchant_id: UUID) -> ShopSetQuerySet:
        """The last changed first; what is off sale after what is on it."""
        rows = self.filter(merchant_id=merchant_id).select_related("live_revision", "merchant")
        return rows.order_by(F("withdrawn_at").asc(nulls_first=True), "-changed_at", "id")
