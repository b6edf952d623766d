"""The codes that a person's program shows at a service point: of an order, and of a return."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from kernel.errors import NotFound
from orders import access
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.serializers import NothingSerializer
from orders.api.way_serializers import HandedInSerializer, PickedUpSerializer
from orders.models import Order, PointCode, Return
from orders.pickup import codes, handing, readying
from orders.states import OrderState
from web.api_input import read
from web.keyed import KeyedStep


def _figures(found: PointCode | None) -> str:
    return (found.code or "") if found else ""


def _picked_up(view: OwnAPI, number: str) -> Order:
    """:raises NotFound: also for one that is sent"""
    order = access.order_for_buyer(view.actor, number)
    if not order.is_picked_up:
        raise NotFound()
    return order


def _pick_up_told(order: Order) -> Any:
    ready = order.state == OrderState.SHIPPED
    code = _figures(codes.of_order(order)) if ready else ""
    found = {"point": order.point_told, "ready": ready, "until": order.collect_by, "code": code}
    return PickedUpSerializer(found).data


def _hand_in_told(found: Return) -> Any:
    points = handing.points_for_return(found.order)
    return HandedInSerializer({"points": points, "code": _figures(codes.of_return(found))}).data


class OwnPickUp(OwnAPI):
    """Where an order is picked up, until when, and the code."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(responses={200: PickedUpSerializer, **REFUSALS}, operation_id="own_pick_up")
    def get(self, request: Request, number: str) -> Response:
        return Response(_pick_up_told(_picked_up(self, number)))


class OwnPickUpCode(OwnAPI, KeyedStep):
    """Another code; the one before opens nothing any more."""

    scopes = {"POST": Scope.OWN_BUY}

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: PickedUpSerializer, **STEP_REFUSALS},
        operation_id="own_pick_up_code",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        read(NothingSerializer, request)
        order = _picked_up(self, where["number"])
        readying.new_code(order_id=order.pk, actor=self.actor, at=clock.now())
        return reverse("orders-api:own-order", args=[order.number])

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return _pick_up_told(_picked_up(self, key))


class OwnHandIn(OwnAPI):
    """Where goods that go back can be handed in."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(responses={200: HandedInSerializer, **REFUSALS}, operation_id="own_hand_in")
    def get(self, request: Request, number: str) -> Response:
        return Response(_hand_in_told(access.return_for_buyer(self.actor, number)))


class OwnHandInCode(OwnAPI, KeyedStep):
    """A code for an accepted return; shown there, it counts as received."""

    scopes = {"POST": Scope.OWN_RETURNS}

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: HandedInSerializer, **STEP_REFUSALS},
        operation_id="own_hand_in_code",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        read(NothingSerializer, request)
        found = access.return_for_buyer(self.actor, where["number"])
        handing.return_code(return_id=found.pk, actor=self.actor, at=clock.now())
        return reverse("orders-api:own-return", args=[found.number])

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return _hand_in_told(access.return_for_buyer(self.actor, key))
