"""A person's own orders for their programs: list, one, refunds, confirm, cancel."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from orders import access, cancellation, fulfilment
from orders.api import lists
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.serializers import (
    ConfirmationSerializer,
    MoneyPageSerializer,
    NothingSerializer,
    OrderPageSerializer,
    OrderSerializer,
)
from orders.api.shop_money import refunds_told
from orders.models import Order
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class OwnOrders(OwnAPI):
    """What the token's person ordered, the newest first."""

    scopes = {"GET": Scope.OWN_ORDERS}

    @extend_schema(
        parameters=[lists.OwnOrderQuery],
        responses={200: OrderPageSerializer, **REFUSALS},
        operation_id="own_orders",
    )
    def get(self, request: Request) -> Response:
        query = asked(lists.OwnOrderQuery, request)
        mine = access.orders_of_buyer(self.actor).in_tab(query["tab"])
        found = lists.orders(mine, query, sort="newest")
        return Response(OrderPageSerializer(page_of(found, query)).data)


class OwnOrder(OwnAPI):
    """One of them."""

    scopes = {"GET": Scope.OWN_ORDERS}

    @extend_schema(responses={200: OrderSerializer, **REFUSALS}, operation_id="own_order")
    def get(self, request: Request, number: str) -> Response:
        return Response(OrderSerializer(access.order_for_buyer(self.actor, number)).data)


class OwnRefunds(OwnAPI):
    """What goes or went back of one order, and where its money is."""

    scopes = {"GET": Scope.OWN_ORDERS}

    @extend_schema(responses={200: MoneyPageSerializer, **REFUSALS}, operation_id="own_order_refunds")
    def get(self, request: Request, number: str) -> Response:
        order = access.order_for_buyer(self.actor, number)
        return Response(MoneyPageSerializer(refunds_told(order)).data)


class OrderStep(OwnAPI, KeyedStep):
    """A step of the buyer; answered with the order as it stands."""

    scopes = {"POST": Scope.OWN_BUY}

    def act(self, request: Request, **where: Any) -> str:
        order = access.order_for_buyer(self.actor, where["number"])
        self.step(request, order)
        return reverse("orders-api:own-order", args=[order.number])

    @abstractmethod
    def step(self, request: Request, order: Order) -> None:
        """What the step does."""

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return OrderSerializer(access.order_for_buyer(self.actor, key)).data


class OwnCancellation(OrderStep):
    """Give up what wasn't sent; unpaid, all orders of its checkout end."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="own_order_cancel",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        read(NothingSerializer, request)
        cancellation.cancel(order_id=order.pk, actor=self.actor, at=clock.now())


class OwnReceipt(OrderStep):
    """Say that a parcel, or everything, has come."""

    @extend_schema(
        parameters=[KEY],
        request=ConfirmationSerializer,
        responses={200: OrderSerializer, **STEP_REFUSALS},
        operation_id="own_order_received",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, order: Order) -> None:
        parcel_id = read(ConfirmationSerializer, request).get("parcel")
        parcel = access.parcel_for_buyer(order, parcel_id).pk if parcel_id else None
        fulfilment.confirm_delivery(order_id=order.pk, parcel_id=parcel, actor=self.actor, at=clock.now())
