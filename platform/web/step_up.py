"""Steps that somebody at an open browser must not take: prove once more that it is you."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from web import respond

View = TypeVar("View", bound=Callable[..., Any])
Age = Callable[[HttpRequest], float | None]
PROOF_PAGE = "account_reauthenticate"


def _never(request: HttpRequest) -> float | None:
    return None


_age_of_proof: Age = _never
_limit_seconds = 0


def connect(age_of_proof: Age, *, limit_seconds: int) -> None:
    """Hand in who knows how many seconds ago this browser's person proved themselves (None: never)."""
    global _age_of_proof, _limit_seconds
    _age_of_proof, _limit_seconds = age_of_proof, limit_seconds


def has_proved(request: HttpRequest) -> bool:
    """Whether the last proof (sign-in, password, code, passkey) is younger than the limit."""
    age = _age_of_proof(request)
    return age is not None and age < _limit_seconds


def proved_recently(view: View) -> View:
    """Let only a person in who proved themselves a short while ago; others prove first and come back.

    A POST that comes too late has done nothing: after the proof the person is back at the form.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(_way_back(request))
        if not has_proved(request):
            if request.method != "GET":
                messages.info(
                    request, gettext("Nothing was changed yet. Prove that it is you, then try again.")
                )
            query = urlencode({"next": _way_back(request)})
            return respond.redirect(request, f"{resolve_url(PROOF_PAGE)}?{query}")
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return guarded  # type: ignore[return-value]


def _way_back(request: HttpRequest) -> str:
    """Where to go on: this page, or after a POST the page on which its form stood."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    from_page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(from_page, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(from_page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.path
