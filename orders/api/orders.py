"""A shop's orders: list, one, send; the same use cases and doors as the shop's pages."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import door
from accounts.token_scopes import Scope
from kernel import clock
from merchants.api import ShopAPI
from orders import access, fulfilment
from orders.api.serializers import (
    OrderPageSerializer,
    OrderSerializer,
    RecipientSerializer,
    RefusalSerializer,
    ShipmentSerializer,
)
from orders.models import Order
from orders.queries import MERCHANT_TABS, OrderQuerySet

PER_PAGE = 50
PAGE = OpenApiParameter("page", int)
TAB = OpenApiParameter("tab", str, enum=list(MERCHANT_TABS))
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 80 letters, digits, - or _; sent again within 72 hours the thing is done once",
)
REFUSALS = {401: RefusalSerializer, 403: RefusalSerializer, 404: RefusalSerializer, 429: RefusalSerializer}


def a_page(found: OrderQuerySet, number: str) -> dict[str, Any]:
    pages: Paginator[Order] = Paginator(found.with_lines().with_parcels(), PER_PAGE)
    page = pages.get_page(number)
    return {
        "total": pages.count,
        "page": page.number,
        "next": page.next_page_number() if page.has_next() else None,
        "results": list(page.object_list),
    }


class ShopOrders(ShopAPI):
    """The shop's orders, the newest first; `tab=to_ship` is what waits, the most urgent first."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(
        parameters=[TAB, PAGE], responses={200: OrderPageSerializer, **REFUSALS}, operation_id="shop_orders"
    )
    def get(self, request: Request, slug: str) -> Response:
        tab = request.query_params.get("tab", "all")
        found = access.orders_of_merchant(self.membership).shown_to_merchants().in_tab(tab, MERCHANT_TABS)
        found = found.next_to_ship_first() if tab == "to_ship" else found.newest_first()
        return Response(OrderPageSerializer(a_page(found, request.query_params.get("page", "1"))).data)


class ShopOrder(ShopAPI):
    """One order of the shop."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(responses={200: OrderSerializer, **REFUSALS}, operation_id="shop_order")
    def get(self, request: Request, slug: str, number: str) -> Response:
        return Response(OrderSerializer(access.order_for_merchant(self.membership, number)).data)


class Recipient(ShopAPI):
    """Where one parcel goes, while the shop needs it; each look is written down for the buyer."""

    scopes = {"GET": Scope.ORDERS_SHIP}

    @extend_schema(responses={200: RecipientSerializer, **REFUSALS}, operation_id="shop_order_recipient")
    def get(self, request: Request, slug: str, number: str) -> Response:
        order = access.order_for_merchant(self.membership, number)
        found = access.recipient_for_merchant(self.membership, order, at=clock.now())
        return Response(RecipientSerializer(found).data)


class Shipment(ShopAPI):
    """Hand a parcel of an order to the carrier: all that is left to send, or `pieces` of it."""

    scopes = {"POST": Scope.ORDERS_SHIP}

    @extend_schema(
        parameters=[KEY],
        request=ShipmentSerializer,
        responses={200: OrderSerializer, 409: RefusalSerializer, 422: RefusalSerializer, **REFUSALS},
        operation_id="shop_order_ship",
    )
    def post(self, request: Request, slug: str, number: str) -> Response:
        order = access.order_for_merchant(self.membership, number)
        sent = ShipmentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        typed, actor = sent.validated_data["tracking_number"], self.membership.actor
        fulfilment.ship(
            order_id=order.pk, tracking_number=typed, pieces=sent.wanted, actor=actor, at=clock.now()
        )
        return Response(OrderSerializer(access.order_for_merchant(self.membership, number)).data)


class OwnOrders(APIView):
    """What the token's person ordered, the newest first."""

    permission_classes = [AllowAny]
    authentication_classes = [door.ByToken]
    throttle_classes = [door.PerToken]

    @extend_schema(
        parameters=[PAGE], responses={200: OrderPageSerializer, **REFUSALS}, operation_id="own_orders"
    )
    def get(self, request: Request) -> Response:
        door.require(request._request, Scope.OWN_ORDERS)
        found = access.orders_of_buyer(request._request.actor).newest_first()  # type: ignore[attr-defined]
        return Response(OrderPageSerializer(a_page(found, request.query_params.get("page", "1"))).data)
