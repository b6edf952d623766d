"""What could pay for a person's orders, read by their programs; choosing it stays on the checkout's page."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from payments.api.serializers import CardsSerializer, PointsSerializer, WalletProblemSerializer
from payments.gift_cards import wallet
from payments.points import spending

REFUSALS = dict.fromkeys((401, 403, 429), WalletProblemSerializer)


class OwnPoints(OwnAPI):
    """How many points the token's person has, and when they end."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(responses={200: PointsSerializer, **REFUSALS}, operation_id="own_points")
    def get(self, request: Request) -> Response:
        ends = spending.endings(self.subject_id, at=clock.now())
        told = {"points": sum(each.points for each in ends), "ends": ends}
        return Response(PointsSerializer(told).data)


class OwnCards(OwnAPI):
    """The gift cards in their wallet and what is on them; no code is ever told."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(responses={200: CardsSerializer, **REFUSALS}, operation_id="own_cards")
    def get(self, request: Request) -> Response:
        return Response(CardsSerializer({"cards": wallet.cards_of(self.subject_id)}).data)
