"""Returns as programs read and ask for them; amounts in whole minor units."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from orders.asking import KINDS
from orders.limits import MOST_LINES, MOST_OF_ONE, NOTE_LENGTH
from orders.models import Return
from web.api_input import Id, Strict, WholeNumber


class ReturnPartSerializer(Strict):
    line = Id()
    quantity = WholeNumber(min_value=1, max_value=MOST_OF_ONE)


class ReturnQuoteInSerializer(Strict):
    lines = serializers.ListField(child=ReturnPartSerializer(), min_length=1, max_length=MOST_LINES)
    kind = serializers.ChoiceField(KINDS, default="no_reason")

    @property
    def picked(self) -> list[tuple[Any, int]]:
        return [(part["line"], part["quantity"]) for part in self.validated_data["lines"]]


class ReturnInSerializer(ReturnQuoteInSerializer):
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True, default="")
    seen_amount_minor = WholeNumber(
        min_value=0, required=False, help_text="what the quote said; another sum is refused (409)"
    )


class ReturnStepSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    choice = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField()
    quantity = serializers.IntegerField(help_text="pieces that were bought")
    paid_goods_minor = serializers.IntegerField()
    paid_freight_minor = serializers.IntegerField()
    goods_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()
    amount_minor = serializers.IntegerField()
    words = serializers.ListField(child=serializers.CharField(), help_text="as the page says it")


class KeptPieceSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    choice = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField()
    alone_minor = serializers.IntegerField()


class SetStepSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    reckoned_anew = serializers.BooleanField()
    kept = KeptPieceSerializer(many=True)
    kept_alone_minor = serializers.IntegerField()
    kept_counts_minor = serializers.IntegerField()
    goods_minor = serializers.IntegerField()
    law = serializers.CharField(allow_blank=True)


class OfferStepSerializer(serializers.Serializer[Any]):
    from_minor = serializers.IntegerField()
    kept = KeptPieceSerializer(many=True)
    kept_alone_minor = serializers.IntegerField()
    kept_counts_minor = serializers.IntegerField()
    law = serializers.CharField(allow_blank=True)


class TakenOffSerializer(serializers.Serializer[Any]):
    amount_minor = serializers.IntegerField(help_text="below zero: comes off; above: came off before")
    words = serializers.CharField()
    law = serializers.CharField(allow_blank=True)


class ReturnQuoteSerializer(serializers.Serializer[Any]):
    """The sum that the page before a return shows, step by step."""

    order = serializers.CharField()
    currency = serializers.CharField()
    steps = ReturnStepSerializer(many=True)
    sets = SetStepSerializer(many=True)
    offer = OfferStepSerializer(allow_null=True)
    taken_off = TakenOffSerializer(many=True, help_text="with the steps it sums to amount_minor")
    goods_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()
    amount_minor = serializers.IntegerField()
    accepted_at_once = serializers.BooleanField()
    rule = serializers.CharField()
    postage_payer = serializers.ChoiceField(["consumer", "trader"])
    postage = serializers.CharField()


class ReturnLineSerializer(serializers.Serializer[Any]):
    line = serializers.UUIDField(source="line_id")
    quantity = serializers.IntegerField()
    goods_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()


class ReturnSerializer(serializers.Serializer[Return]):
    """A return as it stands; nothing of it says who sends back, nor what they wrote."""

    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    kind = serializers.ChoiceField(KINDS)
    state = serializers.CharField()
    rule = serializers.CharField(source="rule_id")
    postage_payer = serializers.ChoiceField(["consumer", "trader"])
    lines = ReturnLineSerializer(many=True, source="lines.all")
    goods_minor = serializers.IntegerField()
    freight_minor = serializers.IntegerField()
    amount_minor = serializers.IntegerField(help_text="shown before it was asked for")
    currency = serializers.CharField(source="order.currency")
    asked_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    post_by = serializers.DateTimeField(allow_null=True)
    posted_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    inspect_by = serializers.DateTimeField(allow_null=True)
    refunded_at = serializers.DateTimeField(allow_null=True)


class ReturnPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = ReturnSerializer(many=True)


class PostedSerializer(Strict):
    tracking_number = serializers.CharField(max_length=40)


class RefusalInSerializer(Strict):
    reason = serializers.CharField(max_length=NOTE_LENGTH, help_text="the buyer reads it and can object")
