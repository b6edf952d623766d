"""A shop's programs read and change its variants: price in the draft, stock at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from catalog import access, stock, variant_table, variants
from catalog.api.shop import CountSerializer, ShopVariantSerializer, VariantChangeSerializer
from catalog.models import Listing, Variant
from kernel import clock
from merchants.api import ShopAPI
from merchants.capabilities import Capability


def told(listing: Listing, row: Variant) -> dict[str, Any]:
    """A variant as programs read it."""
    by_id: dict[str, dict[str, Any]] = {each["id"]: each for each in listing.draft.get("variants") or []}
    drafted = by_id.get(str(row.pk), {})
    held = stock.pieces(listing).get(row.pk, stock.NO_PIECES)
    return {
        "id": row.pk,
        "sku": row.sku,
        "state": row.state,
        "choice": dict(part.split("=", 1) for part in row.choice_key.split("&") if part),
        "price_minor": drafted.get("price_minor"),
        "barcode": drafted.get("barcode", ""),
        "on_hand": held.on_hand,
        "reserved": held.reserved,
    }


class Variants(ShopAPI):
    """All variants of a listing, those too that are off sale."""

    scopes = {"GET": Scope.LISTINGS_READ}

    @extend_schema(responses=ShopVariantSerializer(many=True), operation_id="shop_variants")
    def get(self, request: Request, slug: str, key: str) -> Response:
        listing = access.listing_for(self.membership, key)
        rows = [told(listing, row) for row in access.variants_of(listing)]
        return Response(ShopVariantSerializer(rows, many=True).data)


class OneVariant(ShopAPI):
    """Change what the draft says of a variant, or take it off sale at once."""

    scopes = {"PATCH": Scope.LISTINGS_WRITE, "DELETE": Scope.LISTINGS_WRITE}

    @extend_schema(
        request=VariantChangeSerializer, responses=ShopVariantSerializer, operation_id="shop_variant_draft"
    )
    def patch(self, request: Request, slug: str, key: str, variant_id: UUID) -> Response:
        row = _own(self, key, variant_id)
        sent = VariantChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        variant_table.change_row(
            variant_id=row.pk, changes=sent.validated_data, actor=self.membership.actor, at=clock.now()
        )
        return _answer(self, key, variant_id)

    @extend_schema(responses=ShopVariantSerializer, operation_id="shop_variant_retire")
    def delete(self, request: Request, slug: str, key: str, variant_id: UUID) -> Response:
        row = _own(self, key, variant_id)
        variants.retire(variant_id=row.pk, actor=self.membership.actor, at=clock.now())
        return _answer(self, key, variant_id)


class VariantStock(ShopAPI):
    """Say how many pieces of one variant there are."""

    scopes = {"POST": Scope.LISTINGS_WRITE}

    @extend_schema(
        request=CountSerializer, responses=ShopVariantSerializer, operation_id="shop_variant_stock_count"
    )
    def post(self, request: Request, slug: str, key: str, variant_id: UUID) -> Response:
        row = _own(self, key, variant_id)
        sent = CountSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        on_hand = sent.validated_data["on_hand"]
        stock.count(variant_id=row.pk, on_hand=on_hand, actor=self.membership.actor, at=clock.now())
        return _answer(self, key, variant_id)


def _own(view: ShopAPI, key: str, variant_id: UUID) -> Variant:
    listing = access.listing_for(view.membership, key, needs=Capability.LISTINGS)
    return access.variant_of(listing, variant_id)


def _answer(view: ShopAPI, key: str, variant_id: UUID) -> Response:
    listing = access.listing_for(view.membership, key)
    return Response(ShopVariantSerializer(told(listing, access.variant_of(listing, variant_id))).data)
