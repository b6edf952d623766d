"""The public form of an offer: amounts in minor units with their currency, texts by language."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.models import Listing
from catalog.stock import available


class MoneySerializer(serializers.Serializer[Any]):
    minor = serializers.IntegerField(help_text="whole minor units (fen)")
    currency = serializers.CharField(help_text="ISO 4217")


class SellerSerializer(serializers.Serializer[Any]):
    """Who sells, as the law wants it to be told."""

    slug = serializers.CharField()
    name = serializers.CharField(source="display_name")
    legal_name = serializers.CharField()
    licence_number = serializers.CharField()
    address = serializers.CharField(source="address_public")
    contact = serializers.CharField(source="contact_public")
    grade = serializers.CharField()


class ListingSerializer(serializers.Serializer[Listing]):
    """One offer as a list shows it."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    category = serializers.CharField(source="category_id")
    title = serializers.DictField(child=serializers.CharField(), source="live_revision.content.title")
    price = MoneySerializer(source="live_revision.price")
    freight = MoneySerializer(source="live_revision.freight")
    all_in = MoneySerializer(source="live_revision.all_in")
    available = serializers.SerializerMethodField()
    revision = serializers.IntegerField(source="live_revision.number")
    published_at = serializers.DateTimeField(source="live_revision.published_at")
    seller = SellerSerializer(source="merchant")

    def get_available(self, listing: Listing) -> int:
        return available(listing)


class ListingDetailSerializer(ListingSerializer):
    """One offer in full: every disclosed fact, its terms, its fingerprint."""

    description = serializers.DictField(
        child=serializers.CharField(), source="live_revision.content.description"
    )
    attributes = serializers.DictField(source="live_revision.content.attributes")
    terms = serializers.DictField(source="live_revision.content.terms")
    pack_version = serializers.CharField(source="live_revision.pack_version")
    fingerprint = serializers.SerializerMethodField()

    def get_fingerprint(self, listing: Listing) -> str:
        return bytes(listing.live_revision.commitment).hex() if listing.live_revision else ""


class PageSerializer(serializers.Serializer[Any]):
    """A page of offers; `next` is the number of the next page, or null."""

    total = serializers.IntegerField()
    page = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = ListingSerializer(many=True)
