"""A shop's repairs and exchanges for its programs: list, one, and the steps of its page."""

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
from orders import claim_access
from orders.aftercare import claims, mending
from orders.api import lists
from orders.api.claim_serializers import ClaimPageSerializer, ClaimSerializer
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.return_serializers import PostedSerializer, RefusalInSerializer
from orders.api.serializers import NothingSerializer
from orders.models import FaultClaim
from web.api_input import asked, page_of, read
from web.keyed import KeyedStep


class ShopClaims(ShopAPI):
    """The shop's repairs and exchanges, the newest first."""

    scopes = {"GET": Scope.RETURNS}

    @extend_schema(
        parameters=[lists.ClaimQuery],
        responses={200: ClaimPageSerializer, **REFUSALS},
        operation_id="shop_claims",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = asked(lists.ClaimQuery, request)
        found = lists.claims(claim_access.claims_of_merchant(self.membership), query)
        return Response(ClaimPageSerializer(page_of(found, query)).data)


class ShopClaim(ShopAPI):
    """One of them."""

    scopes = {"GET": Scope.RETURNS}

    @extend_schema(responses={200: ClaimSerializer, **REFUSALS}, operation_id="shop_claim")
    def get(self, request: Request, slug: str, claim_number: str) -> Response:
        found = claim_access.claim_for_merchant(self.membership, claim_number)
        return Response(ClaimSerializer(found).data)


class ClaimStep(ShopAPI, KeyedStep):
    """A step of the shop; answered with the claim as it stands."""

    scopes = {"POST": Scope.RETURNS_ANSWER}

    def act(self, request: Request, **where: Any) -> str:
        found = claim_access.claim_for_merchant(self.membership, where["claim_number"])
        self.step(request, found)
        return reverse("orders-api:shop-claim", args=[where["slug"], found.number])

    @abstractmethod
    def step(self, request: Request, found: FaultClaim) -> None:
        """What the step does."""

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return ClaimSerializer(claim_access.claim_for_merchant(self.membership, key)).data


Post = TypeVar("Post", bound=Callable[..., Response])


def _described(operation: str, body: Any = NothingSerializer) -> Callable[[Post], Post]:
    return extend_schema(
        parameters=[KEY],
        request=body,
        responses={200: ClaimSerializer, **STEP_REFUSALS},
        operation_id=operation,
    )


class ClaimAcceptance(ClaimStep):
    """Have it sent in."""

    @_described("shop_claim_accept")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        claims.accept(claim_id=found.pk, actor=self.membership.actor, at=clock.now())


class ClaimReceipt(ClaimStep):
    """The goods are here."""

    @_described("shop_claim_receive")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        claims.receive(claim_id=found.pk, actor=self.membership.actor, at=clock.now())


class ClaimWork(ClaimStep):
    """The fault is real: repair it, or set other goods aside."""

    @_described("shop_claim_take_on")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        claims.take_on(claim_id=found.pk, actor=self.membership.actor, at=clock.now())


class ClaimSent(ClaimStep):
    """The repaired or the other goods are with the carrier."""

    @_described("shop_claim_send", PostedSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        typed = read(PostedSerializer, request)["tracking_number"]
        mending.send(claim_id=found.pk, tracking_number=typed, actor=self.membership.actor, at=clock.now())


class ClaimRefund(ClaimStep):
    """The money instead."""

    @_described("shop_claim_refund")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        read(NothingSerializer, request)
        mending.refund(claim_id=found.pk, cause="merchant", actor=self.membership.actor, at=clock.now())


class ClaimRefusal(ClaimStep):
    """Say no and why."""

    @_described("shop_claim_refuse", RefusalInSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def step(self, request: Request, found: FaultClaim) -> None:
        reason = read(RefusalInSerializer, request)["reason"]
        claims.refuse(claim_id=found.pk, reason=reason, actor=self.membership.actor, at=clock.now())
