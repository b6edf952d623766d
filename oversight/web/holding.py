"""The code of a report in the browser that sent it: until that is closed, or told to forget it."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = f"{settings.COOKIE_PREFIX}anxin_report"
_SALT = "oversight.code"


def keep(response: HttpResponse, code: str) -> HttpResponse:
    """Ends with the browser; no page of another site and no script reads it."""
    response.set_cookie(
        COOKIE,
        signing.dumps(code, salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def code_of(request: HttpRequest) -> str:
    """ "" for a browser that holds none, and for a forged one."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT))
    except signing.BadSignature:
        return ""


def forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response
