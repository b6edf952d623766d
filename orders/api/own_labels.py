"""The free way back for a person's programs: the label, and the carrier's visit; of returns and of claims."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from orders import access, claim_access
from orders.api.claim_serializers import CollectionInSerializer, WayBackSerializer
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.api.serializers import NothingSerializer
from orders.labels import access as label_access
from orders.labels import collecting, issuing
from orders.labels.issuing import Back
from orders.recipients import Recipient
from web.api_input import read
from web.keyed import KeyedStep

Post = TypeVar("Post", bound=Callable[..., Response])


def _told(back: Back) -> Any:
    """As the page of what goes back shows it."""
    at = clock.now()
    label, price = label_access.label_of(back), issuing.tariff(back.order, at=at)
    waits = issuing.waits(back) and back.postage_payer == "trader"
    return WayBackSerializer(
        {
            "postage_payer": back.postage_payer,
            "carrier": label.carrier if label else "",
            "tracking_number": label.tracking_number if label else "",
            "used_at": label.used_at if label else None,
            "price_minor": price.dropped.minor,
            "collected_minor": price.collected.minor if price.collected else None,
            "visit": label_access.visit_of(label) if label else None,
            "times": [
                {"starts_at": begins, "ends_at": ends}
                for begins, ends in (label_access.times_for(back, at=at) if waits else ())
            ],
        }
    ).data


class Own(OwnAPI):
    """What goes back of this person's: a return, or (`of_claims`) faulty goods."""

    of_claims = False

    def back(self, where: Mapping[str, str]) -> Back:
        """:raises NotFound: also for somebody else's"""
        if self.of_claims:
            return claim_access.claim_for_buyer(self.actor, where["claim_number"])
        return access.return_for_buyer(self.actor, where["number"])

    def which(self, back: Back) -> dict[str, Any]:
        """How use cases name it."""
        return {"claim_id" if self.of_claims else "return_id": back.pk}


def _described(operation: str, body: Any = NothingSerializer) -> Callable[[Post], Post]:
    return extend_schema(
        parameters=[KEY],
        request=body,
        responses={200: WayBackSerializer, **STEP_REFUSALS},
        operation_id=operation,
    )


class WayBack(Own):
    """Who bears the way back, the label and the times at which a carrier could come."""

    scopes = {"GET": Scope.OWN_RETURNS}

    def get(self, request: Request, **where: str) -> Response:
        return Response(_told(self.back(where)))


class WayBackStep(Own, KeyedStep):
    scopes = {"POST": Scope.OWN_RETURNS}

    def act(self, request: Request, **where: Any) -> str:
        back = self.back(where)
        self.step(request, back)
        kind = "claim" if self.of_claims else "return"
        return reverse(f"orders-api:own-{kind}-way-back", args=[back.number])

    @abstractmethod
    def step(self, request: Request, back: Back) -> None:
        """What the step does."""

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return _told(self.back(where))


class Label(WayBackStep):
    """The free label; asked for again it is the same one."""

    def step(self, request: Request, back: Back) -> None:
        read(NothingSerializer, request)
        issuing.issue(actor=self.actor, at=clock.now(), **self.which(back))


class Visit(WayBackStep):
    """Book the carrier's visit, or move it."""

    def step(self, request: Request, back: Back) -> None:
        told = read(CollectionInSerializer, request)
        to = Recipient(told["name"], told["phone"], told["address"])
        at, begins = clock.now(), told["starts_at"]
        collecting.book(starts_at=begins, where=to, actor=self.actor, at=at, **self.which(back))


class VisitEnd(WayBackStep):
    """Nobody has to come; the label stays."""

    def step(self, request: Request, back: Back) -> None:
        read(NothingSerializer, request)
        collecting.cancel(actor=self.actor, at=clock.now(), **self.which(back))


class ReturnWayBack(WayBack):
    @extend_schema(responses={200: WayBackSerializer, **REFUSALS}, operation_id="own_return_way_back")
    def get(self, request: Request, **where: str) -> Response:
        return super().get(request, **where)


class ReturnLabel(Label):
    @_described("own_return_label")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)


class ReturnVisit(Visit):
    @_described("own_return_collection", CollectionInSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)


class ReturnVisitEnd(VisitEnd):
    @_described("own_return_collection_end")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)


class ClaimWayBack(WayBack):
    of_claims = True

    @extend_schema(responses={200: WayBackSerializer, **REFUSALS}, operation_id="own_claim_way_back")
    def get(self, request: Request, **where: str) -> Response:
        return super().get(request, **where)


class ClaimLabel(Label):
    of_claims = True

    @_described("own_claim_label")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)


class ClaimVisit(Visit):
    of_claims = True

    @_described("own_claim_collection", CollectionInSerializer)
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)


class ClaimVisitEnd(VisitEnd):
    of_claims = True

    @_described("own_claim_collection_end")
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)
