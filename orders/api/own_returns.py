"""Sending back for a person's programs: the sum first, then the same steps as on the pages."""

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
from kernel.errors import N_, DomainError
from orders import access, asking, returns, withdrawing
from orders.api import lists
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.return_serializers import (
    PostedSerializer,
    ReturnInSerializer,
    ReturnPageSerializer,
    ReturnQuoteInSerializer,
    ReturnQuoteSerializer,
    ReturnSerializer,
)
from orders.api.serializers import NothingSerializer
from orders.models import Return
from orders.web import return_sum
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class SumChanged(DomainError):
    code = "refund_sum_changed"
    message = N_("What goes back isn't what was quoted any more. Nothing was done: ask for the sum again.")


class ReturnQuotes(OwnAPI):
    """What a return of these lines would give back now, step by step; writes nothing."""

    scopes = {"POST": Scope.OWN_RETURNS}

    @extend_schema(
        request=ReturnQuoteInSerializer,
        responses={200: ReturnQuoteSerializer, **STEP_REFUSALS},
        operation_id="own_return_quote",
    )
    def post(self, request: Request, number: str) -> Response:
        order = access.order_for_buyer(self.actor, number)
        sent = ReturnQuoteInSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        at = clock.now()
        found = asking.check(order, lines=sent.picked, kind=sent.validated_data["kind"], at=at)
        return Response(ReturnQuoteSerializer(return_sum.told(order, found, at=at)).data)


class OwnReturns(OwnAPI):
    """A person's returns, the newest first."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(
        parameters=[lists.ReturnQuery],
        responses={200: ReturnPageSerializer, **REFUSALS},
        operation_id="own_returns",
    )
    def get(self, request: Request) -> Response:
        query = asked(lists.ReturnQuery, request)
        found = lists.returns(access.returns_of_buyer(self.actor), query)
        return Response(ReturnPageSerializer(page_of(found, query)).data)


class OwnReturn(OwnAPI):
    """One of them."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(responses={200: ReturnSerializer, **REFUSALS}, operation_id="own_return")
    def get(self, request: Request, number: str) -> Response:
        return Response(ReturnSerializer(access.return_for_buyer(self.actor, number)).data)


class ReturnMade(OwnAPI, KeyedStep):
    """Answered with the return as it stands."""

    scopes = {"POST": Scope.OWN_RETURNS}

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return ReturnSerializer(access.return_for_buyer(self.actor, key)).data


class OwnReturnAsked(ReturnMade):
    """Ask to send these lines of an order back."""

    status = 201

    @extend_schema(
        parameters=[KEY],
        request=ReturnInSerializer,
        responses={201: ReturnSerializer, **STEP_REFUSALS},
        operation_id="own_return_ask",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        order = access.order_for_buyer(self.actor, where["number"])
        sent = ReturnInSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        made = returns.ask(
            order_id=order.pk,
            lines=sent.picked,
            kind=told["kind"],
            note=told["note"],
            actor=self.actor,
            at=clock.now(),
        )
        if told.get("seen_amount_minor") not in (None, made.amount_minor):
            # The step's savepoint goes with this refusal.
            raise SumChanged(field="seen_amount_minor", amount_minor=made.amount_minor)
        return reverse("orders-api:own-return", args=[made.number])


class ReturnStep(ReturnMade):
    def act(self, request: Request, **where: Any) -> str:
        found = access.return_for_buyer(self.actor, where["number"])
        self.step(request, found)
        return reverse("orders-api:own-return", args=[found.number])

    @abstractmethod
    def step(self, request: Request, found: Return) -> None:
        """What the step does."""


class OwnReturnPosted(ReturnStep):
    """The parcel was handed to the carrier."""

    @extend_schema(
        parameters=[KEY],
        request=PostedSerializer,
        responses={200: ReturnSerializer, **STEP_REFUSALS},
        operation_id="own_return_post",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        typed = read(PostedSerializer, request)["tracking_number"]
        returns.post(return_id=found.pk, tracking_number=typed, actor=self.actor, at=clock.now())


class OwnReturnWithdrawn(ReturnStep):
    """Keep the goods after all."""

    @extend_schema(
        parameters=[KEY],
        request=NothingSerializer,
        responses={200: ReturnSerializer, **STEP_REFUSALS},
        operation_id="own_return_withdraw",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: Return) -> None:
        read(NothingSerializer, request)
        withdrawing.withdraw(return_id=found.pk, actor=self.actor, at=clock.now())
