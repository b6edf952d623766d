"""A wallet as programs read it: whole minor units, instants with their zone."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class EndingSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="the first instant too late")
    points = serializers.IntegerField()


class PointsSerializer(serializers.Serializer[Any]):
    points = serializers.IntegerField(help_text="what can be spent now; one point is one fen")
    ends = EndingSerializer(many=True, help_text="the same points by when they end, the next first")


class CardSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="card.pk")
    kind = serializers.CharField(source="card.kind", help_text="named or bearer")
    balance_minor = serializers.IntegerField(source="balance.minor")
    value_minor = serializers.IntegerField(source="card.value_minor")
    currency = serializers.CharField(source="card.currency")
    valid_until = serializers.DateTimeField(
        source="card.valid_until", allow_null=True, help_text="the first instant too late; null: never ends"
    )


class CardsSerializer(serializers.Serializer[Any]):
    cards = CardSerializer(many=True)


class WalletProblemSerializer(serializers.Serializer[Any]):
    """A refusal, as every address tells it (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="what happened and what to do")
    code = serializers.CharField(help_text="stable; what programs decide by")
