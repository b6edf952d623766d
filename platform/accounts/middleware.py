"""`request.actor`: who acts, worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import acting, guests
from kernel import clock
from kernel.actor import Actor


class ActorMiddleware:
    """Costs no query until a view reads `request.actor`; leaves or takes the guest's cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(partial(actor_of, request))  # type: ignore[attr-defined]
        request.acting = SimpleLazyObject(partial(acting_of, request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if acting.was_used(request):
            acting.record(request, at=clock.now())
        guests.keep_cookie(request, response)
        return response


def acting_of(request: HttpRequest) -> acting.Acting | None:
    return acting.of_request(request, at=clock.now())


def actor_of(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return Actor.anonymous()
    # Set by the gate of the staff pages; elsewhere everyone is a shopper.
    session = getattr(request, "staff_session", None)
    if session is not None:
        return Actor.staff(user.subject_id, session_id=session.pk)
    return Actor.buyer(user.subject_id)
