"""A shop's returns for its programs: list, one, accept, receive, refund, refuse."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from kernel import clock
from merchants.api import ShopAPI
from orders import access, returns
from orders.api import lists
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.return_serializers import RefusalInSerializer, ReturnPageSerializer, ReturnSerializer
from orders.api.serializers import NothingSerializer
from orders.models import Return
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class ShopReturns(ShopAPI):
    """The shop's returns, the newest first."""

    scopes = {"GET": Scope.RETURNS}

    @extend_schema(
        parameters=[lists.ReturnQuery],
        responses={200: ReturnPageSerializer, **REFUSALS},
        operation_id="shop_returns",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = asked(lists.ReturnQuery, request)
        found = lists.returns(access.returns_of_merchant(self.membership), query)
        return Response(ReturnPageSerializer(page_of(found, query)).data)


class ShopReturn(ShopAPI):
    """One of them."""

    scopes = {"GET": Scope.RETURNS}

    @extend_schema(responses={200: ReturnSerializer, **REFUSALS}, operation_id="shop_return")
    def get(self, request: Request, slug: str, number: str) -> Response:
        return Response(ReturnSerializer(access.return_for_merchant(self.membership, number)).data)


class ReturnStep(ShopAPI, KeyedStep):
    """A step of the shop; answered with the return as it stands."""

    scopes = {"POST": Scope.RETURNS_ANSWER}

    def act(self, request: Request, **where: Any) -> str:
        found = access.return_for_merchant(self.membership, where["number"])
        self.step(request, found)
        return reverse("orders-api:shop-return", args=[where["slug"], found.number])

    @abstractmethod
    def step(self, request: Request, found: Return) -> None:
        """What the step does."""

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return ReturnSerializer(access.return_for_merchant(self.membership, key)).data


Post = TypeVar("Post", bound=Callable[..., Response])


def _described(operation: str, body: Any = NothingSerializer) -> Callable[[Post], Post]:
    return extend_schema(
        parameters=[KEY],
        request=body,
        responses={200: ReturnSerializer, **STEP_REFUSALS},
        operation_id=operation,
    )


class Acceptance(ReturnStep):
    """Agree; the buyer may post."""

    @_described("shop_return_accept")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        read(NothingSerializer, request)
        returns.accept(return_id=found.pk, actor=self.membership.actor, at=clock.now())


class GoodsBack(ReturnStep):
    """The goods are here; the time to inspect them starts."""

    @_described("shop_return_receive")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        read(NothingSerializer, request)
        returns.receive(return_id=found.pk, actor=self.membership.actor, at=clock.now())


class ReturnRefund(ReturnStep):
    """Pay back the sum that was shown."""

    @_described("shop_return_refund")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        read(NothingSerializer, request)
        returns.refund(return_id=found.pk, actor=self.membership.actor, at=clock.now())


class ReturnRefusal(ReturnStep):
    """Say no and why."""

    @_described("shop_return_refuse", RefusalInSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        reason = read(RefusalInSerializer, request)["reason"]
        returns.refuse(return_id=found.pk, reason=reason, actor=self.membership.actor, at=clock.now())
