"""Somebody has signed in: the session gets its class, a new browser is told of."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import sessions
from accounts.devices import class_of
from accounts.models import User
from accounts.web import alarm_links
from accounts.web.session_store import LABEL
from kernel import clock

COOKIE = "anxin_device"
TWO_YEARS_SECONDS = 2 * 365 * 24 * 3600


def arrive(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Called once per sign-in. The header is looked at and forgotten; only its class stays."""
    told = class_of(request.META.get("HTTP_USER_AGENT", ""))
    request.session[LABEL] = told
    cookie = request.COOKIES.get(COOKIE, "")
    if len(cookie) != 43:
        cookie = secrets.token_urlsafe(32)
    at = clock.now()
    link = alarm_links.path_for(user.subject_id, at=at)
    sessions.greet(user=user, cookie=cookie, link=link, at=at, **told)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=TWO_YEARS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
