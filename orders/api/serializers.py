"""An order as programs read it: amounts in minor units with their currency, instants with their zone."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from orders.models import Order


class MoneySerializer(serializers.Serializer[Any]):
    minor = serializers.IntegerField(help_text="whole minor units (fen)")
    currency = serializers.CharField(help_text="ISO 4217")

    class Meta:
        ref_name = "OrderMoney"


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    listing = serializers.UUIDField(source="listing_id")
    variant = serializers.UUIDField(source="variant_id")
    quantity = serializers.IntegerField()
    returned = serializers.IntegerField(source="returned_quantity")
    unit_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()


class OrderSerializer(serializers.Serializer[Order]):
    """An order in a list; nothing of it says who bought."""

    number = serializers.CharField()
    state = serializers.CharField()
    total = MoneySerializer()
    refunded = MoneySerializer()
    paid_at = serializers.DateTimeField()
    dispatch_by = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    lines = LineSerializer(many=True, source="lines.all")


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


class ShipmentSerializer(serializers.Serializer[Any]):
    tracking_number = serializers.CharField(max_length=40)


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.DictField()
