"""The public form of an offer: amounts in minor units with their currency, texts by language."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog import import_tax, offers
from catalog.models import Listing
from catalog.stock import available, pieces
from kernel import clock
from merchants.models import Merchant


class MoneySerializer(serializers.Serializer[Any]):
    minor = serializers.IntegerField(help_text="whole minor units (fen)")
    currency = serializers.CharField(help_text="ISO 4217")


class SellerSerializer(serializers.Serializer[Any]):
    """Who sells, as the law wants it to be told."""

    slug = serializers.CharField()
    name = serializers.CharField(source="display_name")
    kind = serializers.CharField(source="seller_kind", help_text="business or private")
    legal_name = serializers.SerializerMethodField()
    licence_number = serializers.CharField()
    address = serializers.CharField(source="address_public", help_text="of a private person the region only")
    contact = serializers.SerializerMethodField()
    grade = serializers.CharField()

    def get_legal_name(self, merchant: Merchant) -> str:
        """Empty for a private person, whose name the platform knows and keeps."""
        return "" if merchant.is_private_person else merchant.legal_name

    def get_contact(self, merchant: Merchant) -> str:
        return "" if merchant.is_private_person else merchant.contact_public


class TaxSerializer(serializers.Serializer[Any]):
    """Nothing of it is added to `all_in`; where it is in_price, `amount` lies within it."""

    standing = serializers.CharField(help_text="paid, in_price, or on_arrival: the carrier may ask for it")
    rate = serializers.CharField(help_text="per cent as the seller stated it, or empty")
    amount = MoneySerializer(allow_null=True)
    rules = serializers.ListField(child=serializers.CharField(), help_text="ids, see /rules/law/")
    pack = serializers.CharField(source="pack_version")


class DeliverySerializer(serializers.Serializer[Any]):
    """One piece of the cheapest variant to `place`; nulls where the seller doesn't send it there."""

    place = serializers.CharField(help_text="ISO 3166, such as CN-ZJ or DE")
    delivered = serializers.BooleanField()
    freight = MoneySerializer(allow_null=True)
    all_in = MoneySerializer(allow_null=True)
    tax = TaxSerializer(allow_null=True)


class ListingSerializer(serializers.Serializer[Listing]):
    """One offer as a list shows it."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    category = serializers.CharField(source="category_id")
    title = serializers.DictField(child=serializers.CharField(), source="live_revision.content.title")
    price = MoneySerializer(source="live_revision.price")
    freight = MoneySerializer(source="live_revision.freight")
    all_in = MoneySerializer(source="live_revision.all_in")
    delivery = serializers.SerializerMethodField(help_text="only where `to` names a place")
    available = serializers.SerializerMethodField()
    revision = serializers.IntegerField(source="live_revision.number")
    published_at = serializers.DateTimeField(source="live_revision.published_at")
    seller = SellerSerializer(source="merchant")

    @extend_schema_field(DeliverySerializer(allow_null=True))
    def get_delivery(self, listing: Listing) -> Any:
        place = self.context.get("place", "")
        if not place:
            return None
        sent = [offers.to(listing.content, each, place) for each in offers.variants(listing.content)]
        best = min((each for each in sent if each), key=lambda each: each.all_in, default=None)
        told: dict[str, Any] = dict.fromkeys(("freight", "all_in", "tax"))
        if best:
            tax = import_tax.tax_on(listing.content, best.price, place, at=clock.now())
            told = {"freight": best.freight, "all_in": best.all_in, "tax": tax}
        return DeliverySerializer({"place": place, "delivered": best is not None, **told}).data

    def get_available(self, listing: Listing) -> int:
        return available(listing)


class NamedSerializer(serializers.Serializer[Any]):
    """What can be told apart by its key; labels by language."""

    key = serializers.RegexField(r"^[a-z0-9_-]{1,24}$")
    labels = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=40))


class OptionSerializer(NamedSerializer):
    """What a buyer chooses between."""

    values = NamedSerializer(many=True)


class VariantOfferSerializer(serializers.Serializer[Any]):
    """One variant on sale: `choice` by the keys of options and values."""

    id = serializers.UUIDField()
    sku = serializers.CharField()
    choice = serializers.DictField(child=serializers.CharField())
    barcode = serializers.CharField(allow_blank=True)
    price = MoneySerializer()
    all_in = MoneySerializer()
    images = serializers.ListField(child=serializers.IntegerField(), help_text="places among the images")
    available = serializers.IntegerField()


class ListingDetailSerializer(ListingSerializer):
    """One offer in full: every disclosed fact, its variants, its terms, its fingerprint."""

    options = serializers.SerializerMethodField()
    variants = serializers.SerializerMethodField()

    description = serializers.DictField(
        child=serializers.CharField(), source="live_revision.content.description"
    )
    attributes = serializers.DictField(source="live_revision.content.attributes")
    terms = serializers.DictField(source="live_revision.content.terms")
    freight_terms = serializers.SerializerMethodField(help_text="what it costs by place; null if fixed")
    pack_version = serializers.CharField(source="live_revision.pack_version")
    fingerprint = serializers.SerializerMethodField()

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, listing: Listing) -> list[dict[str, Any]]:
        return list(listing.content.get("options") or [])

    @extend_schema_field(VariantOfferSerializer(many=True))
    def get_variants(self, listing: Listing) -> Any:
        held = pieces(listing)
        rows = [
            {**_told(each), "available": held[each.id].available}
            for each in offers.variants(listing.content, listing.pk)
            if each.id in held and held[each.id].active
        ]
        return VariantOfferSerializer(rows, many=True).data

    def get_freight_terms(self, listing: Listing) -> dict[str, Any] | None:
        terms = listing.content.get("freight")
        return {key: terms.get(key) for key in ("by", "zones", "express")} if terms else None

    def get_fingerprint(self, listing: Listing) -> str:
        return bytes(listing.live_revision.commitment).hex() if listing.live_revision else ""


def _told(each: offers.VariantOffer) -> dict[str, Any]:
    names = ("id", "sku", "choice", "barcode", "price", "all_in", "images")
    return {name: getattr(each, name) for name in names}


class PageSerializer(serializers.Serializer[Any]):
    """A page of offers; `next` is the number of the next page, or null."""

    total = serializers.IntegerField()
    page = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = ListingSerializer(many=True)
