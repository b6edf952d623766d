"""Carts and checkouts as programs read and write them; amounts in whole minor units."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from rest_framework import serializers

from catalog import destinations
from orders.api.serializers import MoneySerializer, OrderSerializer
from orders.api.way_serializers import WayInSerializer, WaySerializer, WaysField
from orders.limits import ADDRESS_LENGTH, MOST_LINES, MOST_OF_ONE, NAME_LENGTH, NOTE_LENGTH
from web.api_input import Id, Strict, WholeNumber

MOST_MINOR = 10**15


class PlaceField(serializers.CharField):
    """ISO 3166, such as CN-ZJ or DE; empty where it doesn't matter."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=8, **more)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code and not destinations.known(code):
            raise serializers.ValidationError(gettext("Nothing is sent there. Choose a place from the list."))
        return code


class CartQuery(Strict):
    destination = PlaceField()
    ways = WaysField()


class CartItemSerializer(serializers.Serializer[Any]):
    listing = serializers.UUIDField()
    variant = serializers.UUIDField()
    set = serializers.UUIDField(allow_null=True)
    quantity = serializers.IntegerField()
    unit_minor = serializers.IntegerField()
    was_minor = serializers.IntegerField(
        allow_null=True, help_text="what it cost when it was put in, if less or more"
    )
    goods_minor = serializers.IntegerField()
    discount_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    in_stock = serializers.IntegerField()
    problem = serializers.CharField(
        allow_blank=True, help_text="withdrawn, sold_out, short, not_sent or empty"
    )
    exclusion = serializers.CharField(
        allow_blank=True, help_text="empty, never, or confirm: then its buyer is asked at checkout"
    )
    confirm_hours = serializers.IntegerField(
        allow_null=True, help_text="within which its shop confirms first, while the sum is only reserved"
    )
    answer = serializers.UUIDField(allow_null=True, help_text="the name of that answer in `confirmations`")


class CouponSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    off_minor = serializers.IntegerField()
    used = serializers.BooleanField()


class CartGroupSerializer(serializers.Serializer[Any]):
    shop = serializers.CharField()
    items = CartItemSerializer(many=True)
    goods_minor = serializers.IntegerField()
    discount_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()
    coupons = CouponSerializer(many=True)
    ways = WaySerializer(many=True)


class ElsewhereSerializer(serializers.Serializer[Any]):
    """Goods that aren't sent to `destination` but can be picked up."""

    shop = serializers.CharField()
    variants = serializers.ListField(child=serializers.UUIDField())
    ways = WaySerializer(many=True)


class CartSerializer(serializers.Serializer[Any]):
    """What one checkout would cost now, by shop; `blocked` can't be bought."""

    destination = serializers.CharField(allow_blank=True)
    needs_destination = serializers.BooleanField(help_text="the freight hangs on where it goes")
    groups = CartGroupSerializer(many=True)
    blocked = CartItemSerializer(many=True)
    elsewhere = ElsewhereSerializer(many=True)
    total = MoneySerializer()


class QuantitySerializer(Strict):
    quantity = WholeNumber(min_value=1, max_value=MOST_OF_ONE)


class AddSerializer(QuantitySerializer):
    listing = Id()
    variant = Id(required=False)


class RecipientInSerializer(Strict):
    name = serializers.CharField(max_length=NAME_LENGTH)
    phone = serializers.CharField(max_length=21)
    address = serializers.CharField(
        max_length=ADDRESS_LENGTH,
        allow_blank=True,
        default="",
        help_text="needed unless everything is picked up",
    )
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True, default="")


class NamedBy(serializers.DictField):
    """A JSON object with at most as many names as a cart has lines."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > MOST_LINES:
            raise serializers.ValidationError(gettext("That is more than a cart holds."))
        return super().to_internal_value(data)


class ExactBoolean(serializers.BooleanField):
    """true or false, nothing that looks like it: what is agreed to must be said."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input="")
        return data


class CheckoutInSerializer(Strict):
    recipient = RecipientInSerializer()
    destination = PlaceField()
    seen_total_minor = WholeNumber(
        min_value=0, max_value=MOST_MINOR, help_text="what the cart said; else 409"
    )
    confirmations = NamedBy(
        child=ExactBoolean(), required=False, help_text="`answer` of an item: agreed or not"
    )
    only = serializers.ListField(
        child=Id(),
        required=False,
        min_length=1,
        max_length=MOST_LINES,
        help_text="variants and sets; else all",
    )
    coupons = NamedBy(
        child=Id(allow_null=True), required=False, help_text="shop: coupon, null for none; else the best one"
    )

    ways = NamedBy(
        child=WayInSerializer(), required=False, help_text="shop: how its goods come; else the standard way"
    )

    def validate_confirmations(self, found: dict[str, bool]) -> dict[UUID, bool]:
        try:
            return {UUID(name): answer for name, answer in found.items()}
        except ValueError:
            raise serializers.ValidationError(gettext("Name each answer as the cart does.")) from None


class PaymentSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    state = serializers.CharField()
    amount = MoneySerializer()
    expires_at = serializers.DateTimeField()
    pay_at = serializers.CharField(help_text="the page where the person pays")


class CheckoutSerializer(serializers.Serializer[Any]):
    """One payment, one order for each shop."""

    payment = PaymentSerializer()
    orders = OrderSerializer(many=True)
