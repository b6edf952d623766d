"""Ways of delivery and service points as programs read and choose them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from orders.delivery_ways import Way, WayKind
from orders.limits import MOST_LINES
from web.api_input import Id, Strict, WholeNumber

KINDS = [str(each) for each in WayKind]
_MOST = 4000


class PointSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    hours = serializers.CharField(help_text="opening hours, as the shop wrote them")


class ShopPointSerializer(PointSerializer):
    """A service point as its own shop reads it."""

    offers = serializers.ListField(child=serializers.CharField(), help_text="pickup, return, use")
    everything = serializers.BooleanField(help_text="all that the shop sells is there; else only `listings`")
    listings = serializers.ListField(child=serializers.UUIDField())


class ShopPointsSerializer(serializers.Serializer[Any]):
    results = ShopPointSerializer(many=True)


class PromisedSerializer(serializers.Serializer[Any]):
    """Counted from payment."""

    ready_within_hours = serializers.IntegerField(help_text="sent, or ready to be picked up")
    there_within_days = serializers.IntegerField(
        allow_null=True, help_text="express: later, what it cost on top goes back by itself"
    )
    kept_for_days = serializers.IntegerField(
        allow_null=True, help_text="at the point, once ready; not fetched by then, everything goes back"
    )
    words = serializers.CharField()


class WaySerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(KINDS)
    point = PointSerializer(allow_null=True)
    freight_minor = serializers.IntegerField()
    promised = PromisedSerializer()
    chosen = serializers.BooleanField()


class WayInSerializer(Strict):
    kind = serializers.ChoiceField(KINDS)
    point = Id(required=False, help_text="for pickup, and only for it")

    def validate(self, told: dict[str, Any]) -> Way:
        kind, point = WayKind(told["kind"]), told.get("point")
        if (kind is WayKind.PICKUP) is not (point is not None):
            said = gettext("Name the service point of a pick-up, and of nothing else.")
            raise serializers.ValidationError({"point": [said]})
        return Way(kind, point=point)


class WaysField(serializers.CharField):
    """shop:express or shop:pickup:point, with commas between shops; behind the "?" of an address."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=_MOST, help_text=self.__doc__, **more)

    def to_internal_value(self, data: Any) -> dict[str, Way]:  # type: ignore[override]
        parts = [each.split(":") for each in super().to_internal_value(data).split(",") if each]
        found: dict[str, Way] = {}
        for shop, *told in parts:
            names = dict(zip(("kind", "point"), told, strict=False))
            sent = WayInSerializer(data=names)
            if len(told) > len(names) or shop in found or len(parts) > MOST_LINES or not sent.is_valid():
                said = gettext("Write shop:express or shop:pickup:point, once for each shop.")
                raise serializers.ValidationError(said)
            found[shop] = sent.validated_data
        return found


class PickedUpSerializer(serializers.Serializer[Any]):
    """Where an order is picked up and the code to show there; empty until it is ready."""

    point = serializers.DictField(
        child=serializers.CharField(), help_text="name, address and hours as ordered"
    )
    ready = serializers.BooleanField()
    until = serializers.DateTimeField(allow_null=True, help_text="then it ends and everything goes back")
    code = serializers.CharField(allow_blank=True, help_text="whoever knows it gets the goods")


class HandedInSerializer(serializers.Serializer[Any]):
    """Where accepted goods can be handed in, and the code to show there; empty until one is asked for."""

    points = PointSerializer(many=True)
    code = serializers.CharField(allow_blank=True)


class CodeInSerializer(Strict):
    code = serializers.CharField(
        max_length=40, help_text="what the buyer shows; spaces and dashes don't count"
    )
    point = Id(
        required=False, help_text="where a return is handed in, if several of your points take returns"
    )
    pieces = WholeNumber(min_value=1, default=1, help_text="of a service: how many uses are rendered now")


class TakenSerializer(serializers.Serializer[Any]):
    """What the code was for."""

    kind = serializers.ChoiceField(["pickup", "return", "voucher"])
    order = serializers.CharField()

    # `return` is no name in Python.
    def get_fields(self) -> dict[str, Any]:
        number = serializers.CharField(allow_null=True, help_text="number of the return that was taken in")
        return {**super().get_fields(), "return": number}
