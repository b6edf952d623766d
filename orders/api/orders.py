"""A shop's orders: list, one, send, cancel; the same use cases and doors as the shop's pages."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from kernel import clock
from merchants.api import ShopAPI
from orders import access, cancellation, confirming, fulfilment
from orders.api import lists
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.serializers import (
    DeclineSerializer,
    NothingSerializer,
    OrderPageSerializer,
    OrderSerializer,
    RecipientSerializer,
    ShipmentSerializer,
)
from orders.models import Order
from orders.tabs import MERCHANT_TABS
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class ShopOrders(ShopAPI):
    """The shop's orders, the newest first; `tab=to_ship` is what waits, the most urgent first."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(
        parameters=[lists.ShopOrderQuery],
        responses={200: OrderPageSerializer, **REFUSALS},
        operation_id="shop_orders",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = asked(lists.ShopOrderQuery, request)
        mine = access.orders_of_merchant(self.membership).shown_to_merchants()
        mine = mine.in_tab(query["tab"], MERCHANT_TABS)
        found = lists.orders(mine, query, sort="dispatch_by" if query["tab"] == "to_ship" else "newest")
        return Response(OrderPageSerializer(page_of(found, query)).data)


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


class OrderStep(ShopAPI, KeyedStep):
    """A step of the shop; answered with the order as it stands."""

    scopes = {"POST": Scope.ORDERS_SHIP}

    def act(self, request: Request, **where: Any) -> str:
        order = access.order_for_merchant(self.membership, where["number"])
        self.step(request, order)
        return reverse("orders-api:shop-order", args=[where["slug"], order.number])

    @abstractmethod
    def step(self, request: Request, order: Order) -> None:
        """What the step does."""

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return OrderSerializer(access.order_for_merchant(self.membership, key)).data


class Shipment(OrderStep):
    """Hand a parcel of an order to the carrier: all that is left to send, or `pieces` of it."""

    @extend_schema(
        parameters=[KEY],
        request=ShipmentSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="shop_order_ship",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        sent = ShipmentSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        typed, actor = sent.validated_data["tracking_number"], self.membership.actor
        fulfilment.ship(
            order_id=order.pk, tracking_number=typed, pieces=sent.wanted, actor=actor, at=clock.now()
        )


class Cancellation(OrderStep):
    """Give up what can't be sent: its money goes back in full."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="shop_order_cancel",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        read(NothingSerializer, request)
        cancellation.cancel(order_id=order.pk, actor=self.membership.actor, at=clock.now())


class Confirmation(OrderStep):
    """Say that an order that the shop confirms first can be delivered: then its money is taken."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="shop_order_confirm",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        read(NothingSerializer, request)
        confirming.confirm(order_id=order.pk, actor=self.membership.actor, at=clock.now())


class Refusal(OrderStep):
    """Say that it can't: what was reserved is let go, and what was paid goes back."""

    @extend_schema(
        parameters=[KEY],
        request=DeclineSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="shop_order_decline",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        reason, actor = read(DeclineSerializer, request)["reason"], self.membership.actor
        confirming.decline(order_id=order.pk, reason=reason, actor=actor, at=clock.now())
