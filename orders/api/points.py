"""A shop's service points for its programs: where they are, what lies ready, and codes that are shown."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from kernel import clock
from merchants.api import ShopAPI
from orders import access
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.orders import OrderStep
from orders.api.serializers import NothingSerializer, OrderSerializer
from orders.api.way_serializers import CodeInSerializer, ShopPointsSerializer, TakenSerializer
from orders.models import CodeKind, Order
from orders.pickup import access as points
from orders.pickup import readying
from orders.vouchers import counter
from orders.web import code_tries
from web.api_input import read
from web.keyed import KeyedStep


class ShopPoints(ShopAPI):
    """The shop's open service points, by name."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(responses={200: ShopPointsSerializer, **REFUSALS}, operation_id="shop_points")
    def get(self, request: Request, slug: str) -> Response:
        return Response(ShopPointsSerializer({"results": points.points_of_merchant(self.membership)}).data)


class Readiness(OrderStep):
    """All of an order lies ready at its point: the buyer gets a code and until when to come."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="shop_order_ready",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        read(NothingSerializer, request)
        readying.mark_ready(order_id=order.pk, actor=self.membership.actor, at=clock.now())


class CodeShown(ShopAPI, KeyedStep):
    """A buyer shows a code: an order is handed over, a return taken in, a service used. It is the proof."""

    scopes = {"POST": Scope.ORDERS_SHIP}

    @extend_schema(
        parameters=[KEY],
        request=CodeInSerializer,
        responses={200: TakenSerializer, **STEP_REFUSALS},
        operation_id="shop_code_shown",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        sent, shop = read(CodeInSerializer, request), self.membership
        told = {"merchant_id": shop.merchant_id, "text": sent["code"], "point_id": sent.get("point")}
        told["pieces"] = sent["pieces"]
        with code_tries.counted(request._request, shop):
            done = counter.take(**told, actor=shop.actor, at=clock.now())
        if done.returning is not None:
            return reverse("orders-api:shop-return", args=[where["slug"], done.returning.number])
        return reverse("orders-api:shop-order", args=[where["slug"], done.order.number])

    def told(self, request: Request, key: str, **where: Any) -> Any:
        """By the number of what it was for."""
        back = access.returns_of_merchant(self.membership).filter(number=key).first()
        order = back.order if back else access.order_for_merchant(self.membership, key)
        kind = CodeKind.RETURN if back else CodeKind.VOUCHER if order.is_voucher else CodeKind.PICKUP
        return TakenSerializer(
            {"kind": kind, "order": order.number, "return": back.number if back else None}
        ).data
