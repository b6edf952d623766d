"""Reading a set: what is in it, what it costs and saves now, and why it can't be bought."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog import set_access, set_saving
from catalog.api.serializers import MoneySerializer
from catalog.set_offers import SetOffer, standing
from kernel import clock


class SetMemberSerializer(serializers.Serializer[Any]):
    listing = serializers.UUIDField(help_text="its own page and duties: listings_read")
    variant = serializers.UUIDField()
    quantity = serializers.IntegerField(help_text="pieces in one set")
    unit = MoneySerializer(allow_null=True, help_text="what one costs alone now; null where it isn't on sale")


class SetSerializer(serializers.Serializer[Any]):
    """A set as it can be bought now."""

    id = serializers.UUIDField()
    revision = serializers.UUIDField()
    number = serializers.IntegerField(help_text="of the revision; a change makes a new one")
    shop = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField())
    price = MoneySerializer(help_text="of one set, freight apart")
    alone = MoneySerializer(help_text="the sum of the members' present prices")
    saving = MoneySerializer(
        allow_null=True, help_text="only where the law lets a reference price be named for every member"
    )
    available = serializers.IntegerField(help_text="whole sets, as long as the scarcest member lasts")
    problem = serializers.CharField(allow_blank=True, help_text="empty, or why it can't be bought")
    members = SetMemberSerializer(many=True)


class SetDetail(APIView):
    """One set, whatever its state; what is in it is told by its members' own addresses."""

    permission_classes = [AllowAny]
    authentication_classes = ()

    @extend_schema(responses=SetSerializer, operation_id="sets_read")
    def get(self, request: Request, set_id: UUID) -> Response:
        found = set_access.public_set(set_id)
        offer = standing(found, set_access.members_of([found]))
        return Response(SetSerializer(_told(offer, clock.now())).data)


def _told(offer: SetOffer, at: datetime) -> dict[str, Any]:
    saving = set_saving.of(offer, at=at)
    return {
        "id": offer.shop_set.pk,
        "revision": offer.revision.pk,
        "number": offer.revision.number,
        "shop": offer.shop_set.merchant.slug,
        "title": offer.revision.content["title"],
        "price": offer.revision.price,
        "alone": offer.alone,
        "saving": saving.saved if saving else None,
        "available": offer.available,
        "problem": offer.problem,
        "members": [
            {
                "listing": each.listing.pk,
                "variant": each.variant_id,
                "quantity": each.quantity,
                "unit": each.offer.price if each.offer else None,
            }
            for each in offer.members
        ],
    }
