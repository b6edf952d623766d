"""A shop's own listings for its programs: read them, set the count of pieces on hand."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from catalog import access, stock
from catalog.models import Listing
from kernel import clock
from kernel.errors import N_, Invalid
from merchants.api import ShopAPI
from merchants.capabilities import Capability

PER_PAGE = 50
MOST_ON_HAND = 1_000_000


class ShopVariantSerializer(serializers.Serializer[Any]):
    """A variant of the shop's own: its draft price (null: the listing's) and its stock."""

    id = serializers.UUIDField()
    sku = serializers.CharField()
    state = serializers.CharField()
    choice = serializers.DictField(child=serializers.CharField())
    price_minor = serializers.IntegerField(allow_null=True)
    barcode = serializers.CharField(allow_blank=True)
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()


class ShopListingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    barcode = serializers.CharField(allow_blank=True)
    title = serializers.CharField(source="working_title")
    state = serializers.CharField()
    price_minor = serializers.IntegerField(source="shelf_price_minor", allow_null=True)
    on_hand = serializers.SerializerMethodField(help_text="over all variants")
    reserved = serializers.SerializerMethodField(help_text="over all variants")

    def get_on_hand(self, listing: Listing) -> int:
        return sum(each.on_hand for each in stock.pieces(listing).values())

    def get_reserved(self, listing: Listing) -> int:
        return sum(each.reserved for each in stock.pieces(listing).values())


class ShopListingPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = ShopListingSerializer(many=True)


class VariantChangeSerializer(serializers.Serializer[Any]):
    """Only what is sent changes, in the draft: on sale with the next publication."""

    sku = serializers.CharField(required=False, max_length=64)
    price_minor = serializers.IntegerField(required=False, allow_null=True)
    barcode = serializers.CharField(required=False, allow_blank=True, max_length=20)
    images = serializers.ListField(child=serializers.IntegerField(), required=False)


class CountSerializer(serializers.Serializer[Any]):
    on_hand = serializers.IntegerField(min_value=0, max_value=MOST_ON_HAND)


class VariantNeeded(Invalid):
    code = "variant_needed"
    message = N_("This listing has variants. Say the count of each of them.")


class ShopListings(ShopAPI):
    """The shop's listings in every state."""

    scopes = {"GET": Scope.LISTINGS_READ}

    @extend_schema(
        parameters=[OpenApiParameter("page", int)],
        responses=ShopListingPageSerializer,
        operation_id="shop_listings",
    )
    def get(self, request: Request, slug: str) -> Response:
        found = access.listings_of(self.membership).with_pieces().order_by("code", "id")
        pages: Paginator[Listing] = Paginator(found, PER_PAGE)
        page = pages.get_page(request.query_params.get("page", "1"))
        answer = {
            "total": pages.count,
            "page": page.number,
            "next": page.next_page_number() if page.has_next() else None,
            "results": list(page.object_list),
        }
        return Response(ShopListingPageSerializer(answer).data)


class StockOnHand(ShopAPI):
    """Say how many pieces there are."""

    scopes = {"POST": Scope.LISTINGS_WRITE}

    @extend_schema(request=CountSerializer, responses=ShopListingSerializer, operation_id="shop_stock_count")
    def post(self, request: Request, slug: str, key: str) -> Response:
        listing = access.listing_for(self.membership, key, needs=Capability.LISTINGS)
        if listing.draft.get("options"):
            raise VariantNeeded
        sent = CountSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        stock.count(
            variant_id=listing.pk,
            on_hand=sent.validated_data["on_hand"],
            actor=self.membership.actor,
            at=clock.now(),
        )
        return Response(ShopListingSerializer(access.listing_for(self.membership, key)).data)
