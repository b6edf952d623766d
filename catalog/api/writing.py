"""A shop's programs write listings: a draft is made, changed and put on sale as in the editor."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from catalog import access, drafting, submitting
from catalog.api.serializers import OptionSerializer
from catalog.api.shop import ShopListings, ShopListingSerializer
from catalog.models import Listing
from catalog.submission_lifecycle import SubmissionState
from kernel import clock
from merchants.api import ShopAPI
from merchants.capabilities import Capability


class ImageSerializer(serializers.Serializer[Any]):
    src = serializers.CharField()
    alt = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    mat = serializers.CharField(required=False)


class TermsSerializer(serializers.Serializer[Any]):
    promises = serializers.ListField(child=serializers.CharField(), required=False)
    excludes_return = serializers.ChoiceField(["never", "confirm"], required=False, allow_null=True)
    exclusion = serializers.CharField(required=False, allow_blank=True)
    confirm_hours = serializers.IntegerField(
        required=False, allow_null=True, help_text="the shop confirms each order within so many hours"
    )


class DraftVariantSerializer(serializers.Serializer[Any]):
    """Without an id a new one; a choice that was there keeps its own."""

    id = serializers.UUIDField(required=False)
    sku = serializers.CharField(required=False, allow_blank=True, max_length=64)
    choice = serializers.DictField(child=serializers.CharField())
    price_minor = serializers.IntegerField(required=False, allow_null=True)
    barcode = serializers.CharField(required=False, allow_blank=True, max_length=20)
    images = serializers.ListField(child=serializers.IntegerField(), required=False)
    weight_grams = serializers.IntegerField(required=False, allow_null=True)


class DraftSerializer(serializers.Serializer[Any]):
    """Only what is sent changes; inside texts and attributes a null takes away."""

    title = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    description = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    attributes = serializers.DictField(required=False)
    price_minor = serializers.IntegerField(required=False, allow_null=True)
    freight_minor = serializers.IntegerField(required=False, allow_null=True)
    freight_template = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=40, help_text="id or name"
    )
    weight_grams = serializers.IntegerField(required=False, allow_null=True)
    images = ImageSerializer(many=True, required=False)
    terms = TermsSerializer(required=False)
    options = OptionSerializer(many=True, required=False)
    variants = DraftVariantSerializer(many=True, required=False)
    barcode = serializers.CharField(required=False, allow_blank=True, max_length=20)


class NewListingSerializer(DraftSerializer):
    category = serializers.CharField()
    code = serializers.CharField(required=False, allow_blank=True, default="")


class FindingSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    kind = serializers.CharField()
    severity = serializers.CharField()
    law = serializers.CharField()
    field = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    words = serializers.CharField()


class PublicationSerializer(serializers.Serializer[Any]):
    """`state` is published, waiting (for a person) or refused; `revision` is what is on sale now."""

    submission = serializers.UUIDField()
    state = serializers.CharField()
    findings = FindingSerializer(many=True)
    revision = serializers.IntegerField(allow_null=True)
    price_minor = serializers.IntegerField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


STATUS = {SubmissionState.PUBLISHED: 200, SubmissionState.WAITING: 202, SubmissionState.REFUSED: 422}


class WrittenListings(ShopListings):
    """The shop's listings; posting makes a draft."""

    scopes = {**ShopListings.scopes, "POST": Scope.LISTINGS_WRITE}

    @extend_schema(
        request=NewListingSerializer, responses={201: ShopListingSerializer}, operation_id="shop_listing_new"
    )
    def post(self, request: Request, slug: str) -> Response:
        sent = _read(NewListingSerializer, request)
        listing = drafting.create_listing(
            merchant_id=self.membership.merchant_id,
            category=sent.pop("category"),
            code=sent.pop("code"),
            barcode=sent.pop("barcode", ""),
            changes=sent,
            actor=self.membership.actor,
            at=clock.now(),
        )
        return Response(ShopListingSerializer(_again(self, listing)).data, status=201)


class WrittenListing(ShopAPI):
    """Change the draft; what is on sale stays until the next publication."""

    scopes = {"PATCH": Scope.LISTINGS_WRITE}

    @extend_schema(
        request=DraftSerializer, responses=ShopListingSerializer, operation_id="shop_listing_draft"
    )
    def patch(self, request: Request, slug: str, key: str) -> Response:
        listing = access.listing_for(self.membership, key, needs=Capability.LISTINGS)
        sent = _read(DraftSerializer, request)
        drafting.edit_draft(
            listing_id=listing.pk,
            barcode=sent.pop("barcode", None),
            changes=sent,
            actor=self.membership.actor,
            at=clock.now(),
        )
        return Response(ShopListingSerializer(_again(self, listing)).data)


class Publication(ShopAPI):
    """Hand the draft in; what is missing or may not be said comes back field by field with its rule."""

    scopes = {"POST": Scope.LISTINGS_WRITE}

    @extend_schema(
        request=None,
        responses=dict.fromkeys(STATUS.values(), PublicationSerializer),
        operation_id="shop_listing_publish",
    )
    def post(self, request: Request, slug: str, key: str) -> Response:
        listing = access.listing_for(self.membership, key, needs=Capability.LISTINGS)
        handed_in = submitting.submit(listing_id=listing.pk, actor=self.membership.actor, at=clock.now())
        now = _again(self, listing).live_revision
        answer = {
            "submission": handed_in.pk,
            "state": str(handed_in.state),
            "findings": handed_in.findings,
            "revision": now.number if now else None,
            "price_minor": now.price_minor if now else None,
            "published_at": now.published_at if now else None,
        }
        status = STATUS[SubmissionState(handed_in.state)]
        return Response(PublicationSerializer(answer).data, status=status)


def _read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    sent = kind(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def _again(view: ShopAPI, listing: Listing) -> Listing:
    return access.listing_for(view.membership, str(listing.pk))
