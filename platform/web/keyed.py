"""Steps of programs that are done once per key: the answer to a repetition is the answer to the first."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web.idempotency import idempotent


class KeyedStep(APIView, ABC):
    """A POST that does `act` once and tells what stands at the address that `act` gave.

    No body is kept with a key: a repetition is told from what was done, by the same function.
    """

    status: ClassVar[int] = 200
    # Set for the view that answers repetitions.
    repeating = False

    @abstractmethod
    def act(self, request: Request, **where: Any) -> str:
        """Do it, and give the address of what was made or changed."""

    @abstractmethod
    def told(self, request: Request, key: str, **where: Any) -> Any:
        """What is answered; `key` is the last part of the address."""

    def post(self, request: Request, **where: Any) -> Response:
        address = request._request.first_address if self.repeating else self.act(request, **where)  # type: ignore[attr-defined]
        key = address.rstrip("/").rpartition("/")[2]
        body = self.told(request, key, **where)
        return Response(body, status=self.status, headers={"Location": address})


def keyed(step: type[KeyedStep]) -> Callable[..., HttpResponse]:
    """The view of a step for the list of addresses."""
    return idempotent(step.as_view(), again=step.as_view(repeating=True))
