"""What wraps every request: an id, security headers, the reader's preferences, named refusals."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from kernel.errors import DomainError
from web import errors, watching
from web.formats import reading_year
from web.logs import request_id
from web.preferences import Preferences

GetResponse = Callable[[HttpRequest], HttpResponse]

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
# Programs also change and take away; each view of the API says which it takes.
API, API_METHODS = "/api/", (*METHODS, "PUT", "PATCH", "DELETE")
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}


class RequestIdMiddleware:
    """First of all: every log line and every error page carries the same id."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class WatchMiddleware:
    """After the answer, and seldom: what the security log has counted goes to its table."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        watching.write_if_due()
        return response


class SecurityHeadersMiddleware:
    """On every status, also on errors and static files."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class KnownMethodsMiddleware:
    """Pages are read and forms are sent: no view of ours, and none of a library, ever sees another method."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = API_METHODS if request.path.startswith(API) else METHODS
        if request.method not in known:
            return HttpResponseNotAllowed(known)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Unless a view says otherwise, a known person's pages are kept nowhere, a visitor's not shared."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.COOKIES and not response.has_header("Cache-Control"):
            known = getattr(getattr(request, "_cached_user", None), "is_authenticated", False)
            response["Cache-Control"] = "private, no-store" if known else "private, no-cache"
        return response


class PreferencesMiddleware:
    """The reader's display choices and, for dates, the year in which the page is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.preferences = Preferences.of(request)  # type: ignore[attr-defined]
        token = reading_year.set(timezone.localdate().year)
        try:
            return self.get_response(request)
        finally:
            reading_year.reset(token)


class ReadableAddressMiddleware:
    """No word of ours holds a null character and the database takes none: such an address is cut off."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(request)
        return self.get_response(request)


class ReadableCookiesMiddleware:
    """Before the session: a cookie with a null character was not made here and is as good as absent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\x00" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class DomainErrorMiddleware:
    """Edges catch nothing: a refusal that a form did not handle ends here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return errors.refused(request, exception)
        return None
