"""An order as programs read it: amounts in minor units with their currency, instants with their zone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from orders.limits import MOST_LINES, MOST_OF_ONE
from orders.models import Order


class MoneySerializer(serializers.Serializer[Any]):
    minor = serializers.IntegerField(help_text="whole minor units (fen)")
    currency = serializers.CharField(help_text="ISO 4217")

    class Meta:
        ref_name = "OrderMoney"


class DiscountSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="set, threshold or coupon")
    reference = serializers.UUIDField(help_text="the set's revision, the offer, or the claimed coupon")
    funder = serializers.CharField(help_text="who bears it: merchant or platform")
    amount_minor = serializers.IntegerField()


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    listing = serializers.UUIDField(source="listing_id")
    variant = serializers.UUIDField(source="variant_id")
    quantity = serializers.IntegerField()
    sent = serializers.IntegerField(source="sent_quantity", help_text="pieces in parcels")
    cancelled = serializers.IntegerField(source="cancelled_quantity", help_text="given up before they left")
    undelivered = serializers.IntegerField(
        source="undelivered_quantity", help_text="sent and never arrived; their money went back"
    )
    returned = serializers.IntegerField(source="returned_quantity")
    unit_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField(help_text="units times price, before anything is taken off")
    discount_minor = serializers.IntegerField(help_text="what was taken off, by a set for instance")
    discounts = DiscountSerializer(many=True, source="discounts.all", help_text="what it sums from, by cause")
    gift = serializers.UUIDField(
        source="gift_id",
        allow_null=True,
        help_text="the offer that it was given with; null for what was bought",
    )
    gift_minor = serializers.IntegerField(help_text="a gift's stated value, of one piece")
    set_revision = serializers.UUIDField(
        source="set_revision_id", allow_null=True, help_text="the frozen set that it was bought in"
    )
    tax = serializers.JSONField(
        help_text="standing, rate, amount_minor within the price, rules, pack; frozen"
    )


class PiecesSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField(source="line_id")
    quantity = serializers.IntegerField()


class ParcelSerializer(serializers.Serializer[Any]):
    """A parcel to the buyer, with what it holds."""

    id = serializers.UUIDField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    handed_over_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True)
    pieces = PiecesSerializer(many=True, source="lines.all")


class OrderSerializer(serializers.Serializer[Order]):
    """An order in a list; nothing of it says who bought."""

    number = serializers.CharField()
    state = serializers.CharField()
    total = MoneySerializer()
    destination = serializers.CharField(help_text="ISO 3166, such as CN-ZJ or DE; empty for the mainland")
    refunded = MoneySerializer()
    paid_at = serializers.DateTimeField()
    dispatch_by = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    lines = LineSerializer(many=True, source="lines.all")
    parcels = ParcelSerializer(many=True, source="outward_parcels")


class RecipientSerializer(serializers.Serializer[Any]):
    """Empty or masked once the shop no longer needs it."""

    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class OrderPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True, help_text="number of the next page, or null")
    results = OrderSerializer(many=True)


class PartSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=0, max_value=MOST_OF_ONE)


class ShipmentSerializer(serializers.Serializer[Any]):
    tracking_number = serializers.CharField(max_length=40)
    pieces = serializers.ListField(
        child=PartSerializer(),
        required=False,
        max_length=MOST_LINES,
        help_text="without it all that is left to send",
    )

    @property
    def wanted(self) -> dict[UUID, int] | None:
        """{line: pieces}; a line that is named twice counts together."""
        if "pieces" not in self.validated_data:
            return None
        found: dict[UUID, int] = {}
        for part in self.validated_data["pieces"]:
            found[part["line"]] = found.get(part["line"], 0) + part["quantity"]
        return found


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()
