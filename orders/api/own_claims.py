"""Repair and exchange for a person's programs: what is open, asked, posted, confirmed; as on the pages."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from orders import access, claim_access
from orders.aftercare import asking, claims, mending
from orders.api import lists
from orders.api.claim_serializers import (
    ClaimInSerializer,
    ClaimPageSerializer,
    ClaimSerializer,
    OpenRemedySerializer,
)
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.return_serializers import PostedSerializer
from orders.api.serializers import NothingSerializer
from orders.models import FaultClaim
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class OwnRemedies(OwnAPI):
    """What may be asked for a line today, each with its rule, until when, and who bears the freight."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(
        responses={200: OpenRemedySerializer(many=True), **REFUSALS}, operation_id="own_claim_remedies"
    )
    def get(self, request: Request, number: str, line_id: Any) -> Response:
        order = access.order_for_buyer(self.actor, number)
        line = asking.line_of(order, line_id)
        mine = [each for each in claim_access.claims_of(order) if each.line_id == line.pk]
        found = asking.remedies(order, line, mine, at=clock.now())
        rows = [
            {"remedy": str(one.kind), "rule": one.rule_id, "until": one.until, "postage_payer": one.payer}
            for one in found
        ]
        return Response(OpenRemedySerializer(rows, many=True).data)


class OwnClaims(OwnAPI):
    """A person's repairs and exchanges, the newest first."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(
        parameters=[lists.ClaimQuery],
        responses={200: ClaimPageSerializer, **REFUSALS},
        operation_id="own_claims",
    )
    def get(self, request: Request) -> Response:
        query = asked(lists.ClaimQuery, request)
        found = lists.claims(claim_access.claims_of_buyer(self.actor), query)
        return Response(ClaimPageSerializer(page_of(found, query)).data)


class OwnClaim(OwnAPI):
    """One of them."""

    scopes = {"GET": Scope.OWN_RETURNS}

    @extend_schema(responses={200: ClaimSerializer, **REFUSALS}, operation_id="own_claim")
    def get(self, request: Request, claim_number: str) -> Response:
        return Response(ClaimSerializer(claim_access.claim_for_buyer(self.actor, claim_number)).data)


class ClaimMade(OwnAPI, KeyedStep):
    """Answered with the claim as it stands."""

    scopes = {"POST": Scope.OWN_RETURNS}

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return ClaimSerializer(claim_access.claim_for_buyer(self.actor, key)).data


class OwnClaimAsked(ClaimMade):
    """Ask for a repair or an exchange of so many pieces of a line."""

    status = 201

    @extend_schema(
        parameters=[KEY],
        request=ClaimInSerializer,
        responses={201: ClaimSerializer, **STEP_REFUSALS},
        operation_id="own_claim_ask",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        order = access.order_for_buyer(self.actor, where["number"])
        told = read(ClaimInSerializer, request)
        made = claims.ask(
            order_id=order.pk,
            line_id=asking.line_of(order, where["line_id"]).pk,
            quantity=told["quantity"],
            remedy=told["remedy"],
            fault=told["fault"],
            repeats_id=told.get("repeats"),
            actor=self.actor,
            at=clock.now(),
        )
        return reverse("orders-api:own-claim", args=[made.number])


Post = TypeVar("Post", bound=Callable[..., Response])


def _described(operation: str, body: Any = NothingSerializer) -> Callable[[Post], Post]:
    return extend_schema(
        parameters=[KEY],
        request=body,
        responses={200: ClaimSerializer, **STEP_REFUSALS},
        operation_id=operation,
    )


class ClaimStep(ClaimMade):
    def act(self, request: Request, **where: Any) -> str:
        found = claim_access.claim_for_buyer(self.actor, where["claim_number"])
        self.step(request, found)
        return reverse("orders-api:own-claim", args=[found.number])

    @abstractmethod
    def step(self, request: Request, found: FaultClaim) -> None:
        """What the step does."""


class OwnClaimPosted(ClaimStep):
    """The faulty goods were handed to a carrier of the buyer's own; with the free label nothing is told."""

    @_described("own_claim_post", PostedSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        typed = read(PostedSerializer, request)["tracking_number"]
        claims.post(claim_id=found.pk, tracking_number=typed, actor=self.actor, at=clock.now())


class OwnClaimWithdrawn(ClaimStep):
    """Keep the goods as they are."""

    @_described("own_claim_withdraw")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        claims.withdraw(claim_id=found.pk, actor=self.actor, at=clock.now())


class OwnClaimConfirmed(ClaimStep):
    """It is here and it works."""

    @_described("own_claim_confirm")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        mending.confirm(claim_id=found.pk, actor=self.actor, at=clock.now())


class OwnClaimTurned(ClaimStep):
    """Other goods instead of a repair that takes too long."""

    @_described("own_claim_exchange")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        mending.demand_exchange(claim_id=found.pk, actor=self.actor, at=clock.now())
