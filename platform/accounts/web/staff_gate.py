"""The gate of the staff pages: no running session, no page; every deed leaves its line first."""

from __future__ import annotations

import math
from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import staff_sessions
from accounts.models import StaffSession
from accounts.staff_sessions import SessionOver
from kernel import clock
from web import errors, respond
from web.logs import request_id

AREAS = ("/admin/", "/staff/")
ENTRANCE = "/staff/start/"
SESSION_KEY = "staff_session"


class StaffSessionMiddleware:
    """Below /admin/ and /staff/ only; elsewhere it costs nothing, and nobody is staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(AREAS):
            return self.get_response(request)
        session = _running(request)
        request.staff_session = session  # type: ignore[attr-defined]
        if session is None:
            return self.get_response(request) if request.path == ENTRANCE else _turned_away(request)
        now = timezone.now()
        request.user.staff_powers = staff_sessions.powers(session, now=now)  # type: ignore[union-attr]
        staff_sessions.touch(session, now=now)
        _note(request, session)
        response = self.get_response(request)
        # The page goes away by itself when the session ends; a form half filled in stays in the history.
        left = math.ceil((session.ends_at - now).total_seconds()) + 1
        response.headers.setdefault("Refresh", f"{left};url={ENTRANCE}")
        return response


def _running(request: HttpRequest) -> StaffSession | None:
    kept = request.session.get(SESSION_KEY)
    if not kept or not request.user.is_authenticated or not request.user.is_staff:
        return None
    return staff_sessions.running(
        session_id=UUID(kept), user_id=request.user.pk, now=timezone.now(), at=clock.now()
    )


def _turned_away(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.user.is_staff:
        return errors.not_found(request, Http404())
    if request.method not in ("GET", "HEAD"):
        return errors.refused(request, SessionOver())
    return respond.redirect(
        request, f"{reverse('staff:start')}?{urlencode({'next': request.get_full_path()})}"
    )


def _note(request: HttpRequest, session: StaffSession) -> None:
    now = timezone.now()
    looked = request.method in ("GET", "HEAD", "OPTIONS")
    if looked and staff_sessions.broken_glass(session, now=now) is None:
        return
    found = resolve(request.path_info)
    staff_sessions.note_act(
        session,
        method=str(request.method),
        page=found.view_name or "",
        thing=" ".join(str(value) for value in found.kwargs.values()),
        request_id=request_id.get(),
        now=now,
        at=clock.now(),
    )
