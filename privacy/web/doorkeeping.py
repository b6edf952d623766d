"""Who may come in: a person who proved themselves just now, or a guest by this browser's cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from kernel.actor import Actor
from kernel.errors import NotFound
from privacy import visitors
from privacy.states import Identity
from web.step_up import proved_recently

View = TypeVar("View", bound=Callable[..., Any])


def own_subject(request: HttpRequest) -> UUID:
    """:raises NotFound: nobody is at the door"""
    subject_id = visitors.subject_of(request)
    if subject_id is None:
        raise NotFound
    return subject_id


def own_actor(request: HttpRequest) -> Actor:
    """The person, or whoever acts for them under a mandate: then both stand in the trail."""
    subject_id, acting = own_subject(request), getattr(request, "acting", None)
    if acting:
        found: Actor = acting.actor
        return found
    return Actor.buyer(subject_id)


def identity_of(request: HttpRequest) -> Identity:
    """An account proved who it is; a guest is whoever holds the browser that bought.

    A link may have been forwarded: what is asked by it alone waits until an officer knows the person.
    """
    if request.user.is_authenticated:
        return Identity.PROVED
    return Identity.UNCHECKED if visitors.came_by_link(request) else Identity.ORDER_LINK


def known_person(view: View) -> View:
    """Accounts and guests come in; nobody in particular signs in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if visitors.subject_of(request) is None:
            return redirect_to_login(request.get_full_path())
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return guarded  # type: ignore[return-value]


def sure_person(view: View) -> View:
    """For steps that matter: accounts prove themselves once more, a guest has nothing to prove with."""
    proved = proved_recently(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        known = visitors.subject_of(request) is not None
        door = proved if request.user.is_authenticated or not known else view
        answer: HttpResponseBase = door(request, *args, **kwargs)
        return answer

    return guarded  # type: ignore[return-value]
