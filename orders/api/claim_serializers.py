"""Repairs and exchanges as programs read and ask for them, and the free way back; whole minor units."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from orders.limits import ADDRESS_LENGTH, MOST_OF_ONE, NAME_LENGTH, NOTE_LENGTH
from orders.models import FaultClaim
from orders.models.claims import EXCHANGE, REPAIR
from orders.states import ClaimState
from web.api_input import Id, Strict, WholeNumber

REMEDIES = [REPAIR, EXCHANGE]
STATES = [str(each) for each in ClaimState]


class OpenRemedySerializer(serializers.Serializer[Any]):
    remedy = serializers.CharField(help_text="refund, exchange or repair; a refund is asked for as a return")
    rule = serializers.CharField()
    until = serializers.DateTimeField(help_text="the first instant at which it is too late")
    postage_payer = serializers.ChoiceField(["consumer", "trader"])


class ClaimInSerializer(Strict):
    remedy = serializers.ChoiceField(REMEDIES)
    quantity = WholeNumber(min_value=1, max_value=MOST_OF_ONE)
    fault = serializers.CharField(max_length=NOTE_LENGTH, help_text="only the shop reads it")
    repeats = Id(required=False, help_text="an earlier repair of the line whose fault is back")


class ClaimSerializer(serializers.Serializer[FaultClaim]):
    """A repair or an exchange as it stands; nothing of it says who asked, nor what they wrote."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    order = serializers.CharField(source="order.number")
    line = serializers.UUIDField(source="line_id")
    quantity = serializers.IntegerField()
    remedy = serializers.ChoiceField(REMEDIES)
    state = serializers.CharField(help_text=", ".join(STATES))
    rule = serializers.CharField(source="rule_id")
    postage_payer = serializers.ChoiceField(["consumer", "trader"])
    amount_minor = serializers.IntegerField(help_text="goes back where nothing else helps")
    currency = serializers.CharField(source="order.currency")
    asked_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    posted_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    taken_on_at = serializers.DateTimeField(allow_null=True)
    overdue_at = serializers.DateTimeField(allow_null=True, help_text="other goods may be asked for since")
    sent_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ClaimPageSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    results = ClaimSerializer(many=True)


class VisitTimeSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class WayBackSerializer(serializers.Serializer[Any]):
    """Who bears the way back, the free label where one was made, and the carrier's visit."""

    postage_payer = serializers.ChoiceField(["consumer", "trader"])
    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True, help_text="as a QR code it is the label")
    used_at = serializers.DateTimeField(allow_null=True)
    price_minor = serializers.IntegerField(help_text="dropped off; the shop's, where it bears the way")
    collected_minor = serializers.IntegerField(allow_null=True, help_text="fetched; null: not offered")
    visit = VisitTimeSerializer(allow_null=True)
    times = VisitTimeSerializer(many=True, help_text="at which a visit can be booked now")


class CollectionInSerializer(Strict):
    starts_at = serializers.DateTimeField(help_text="one of `times`")
    name = serializers.CharField(max_length=NAME_LENGTH)
    phone = serializers.CharField(max_length=21)
    address = serializers.CharField(max_length=ADDRESS_LENGTH)
