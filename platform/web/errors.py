"""One translation of refusals and failures into pages, fragments and JSON."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from rest_framework.exceptions import APIException

from kernel.errors import N_, Away, DomainError
from kernel.money import Money
from web import languages, security_log
from web.formats import money_text, until_text
from web.logs import request_id

log = logging.getLogger(__name__)

TITLES = {
    400: N_("We couldn't read this request"),
    403: N_("This isn't open to you"),
    404: N_("We can't find this page"),
    409: N_("That didn't work"),
    422: N_("Something needs a change"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("Back in a moment"),
}
SENTENCES = {
    400: N_("The address or the form was cut off on its way. Go back and try again."),
    403: N_("You may need to sign in first, or to ask the owner for access."),
    404: N_("It may have moved, or the link may be incomplete."),
    429: N_("Wait a few minutes, then try again. Nothing you did is lost."),
    500: N_(
        "It's not your fault, and nothing was charged because of it."
        " We keep a record and look at it. Try again in a few minutes."
    ),
    503: N_(
        "A part of the platform is starting again. What we confirmed to you stands."
        " If you sent a form, send it again in a few seconds: it won't be done twice."
    ),
    "csrf": N_(
        "This form was open too long or came from another page."
        " Go back, reload it and send it again. Nothing was done."
    ),
}
RETRY_AFTER_SECONDS = "5"
PROBLEM = "application/problem+json"
# Of a refusal's facts, what programs are told; anything else stays in the sentence.
TOLD = (str, int, bool, list, UUID, datetime, Money)
# What was typed and is worth copying from a page that says no: sentences, and nothing that opens a door.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NEVER_SHOWN = ("password", "secret", "token", "code", "key", "card", "phone", "number")
WORTH_SHOWING, LONGEST_SHOWN = 6, 5_000


def sentence(error: DomainError) -> str:
    """The refusal in the reader's language, its parameters filled in.

    A parameter that is itself a message (an error, a lazy string) is translated before it is put in.
    """
    return said(error.message, error.params, code=error.code)


def said(message: str, params: Mapping[str, object], *, code: str = "") -> str:
    """A message in the reader's language with its parameters: sums and instants as pages print them."""
    text = gettext(message)
    try:
        return text % {name: _words(value) for name, value in params.items()} if params else text
    except (KeyError, TypeError, ValueError):
        log.error("message of %s does not fit its parameters", code or message)
        return text


def _words(value: object) -> object:
    """Instants and sums as pages print them; everything else as it is."""
    if isinstance(value, datetime):
        return until_text(value)
    return money_text(value) if isinstance(value, Money) else value


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def problem(
    *, status: int, title: str, text: str, code: str, details: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What programs read (RFC 9457): `detail` says what happened and what to do, `field` what to change.

    `message` is `detail` under its first name, kept for programs that read it.
    """
    known = dict(details or {})
    return {
        "type": f"urn:anxin:problem:{code}",
        "title": title,
        "status": status,
        "detail": text,
        "code": code,
        "field": known.get("field"),
        "message": text,
        "details": known,
    }


def told_of(error: DomainError) -> dict[str, Any]:
    """A named refusal as programs and commands read it, in the reader's language."""
    title = gettext(TITLES.get(error.status, TITLES[409]))
    told = {name: _plain_value(value) for name, value in error.params.items() if isinstance(value, TOLD)}
    return problem(status=error.status, title=title, text=sentence(error), code=error.code, details=told)


def _plain_value(value: object) -> object:
    return {"minor": value.minor, "currency": value.currency} if isinstance(value, Money) else value


def answer(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    text: str,
    code: str,
    details: dict[str, Any] | None = None,
) -> HttpResponse:
    """JSON for the API, a toast for htmx, a page for everyone else."""
    if is_api(request):
        told = problem(status=status, title=title, text=text, code=code, details=details)
        return JsonResponse(told, status=status, content_type=PROBLEM)
    if request.headers.get("HX-Request") == "true":
        body = render_to_string("components/toast.html", {"text": text, "tone": "error"}, request)
        return HttpResponse(body, status=status, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    context = {"title": title, "text": text, "status": status, "code": code, **_gone(request, status)}
    response = HttpResponse(render_to_string("errors/refused.html", context, request), status=status)
    patch_vary_headers(response, ["HX-Request", "Accept"])
    return response


def _gone(request: HttpRequest, status: int) -> dict[str, Any]:
    """The number to name, and for what isn't there (any more) the way back with what was written."""
    gone = status in (403, 404)
    return {
        "request_id": request_id.get(),
        "back": _where_from(request) if gone else "",
        "wrote": _wrote(request) if gone else [],
    }


def _where_from(request: HttpRequest) -> str:
    """Where to go on after signing in; "" for whoever is signed in: absent and foreign look the same."""
    if getattr(getattr(request, "user", None), "is_authenticated", False):
        return ""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else ""


def _wrote(request: HttpRequest) -> list[str]:
    """Long texts of a form that came to nothing, so that its writer can take them along; no secrets."""
    if request.method != "POST" or request.content_type not in FORMS:
        return []
    typed = [
        value.strip()
        for name in request.POST
        for value in request.POST.getlist(name)
        if not any(word in name.lower() for word in NEVER_SHOWN)
    ]
    said = [value for value in typed if len(value) >= WORTH_SHOWING and (" " in value or not value.isascii())]
    return [value[:LONGEST_SHOWN] for value in said]


def _plain(request: HttpRequest, status: int, text: str | None = None, code: str = "") -> HttpResponse:
    return answer(
        request,
        status=status,
        title=gettext(TITLES[status]),
        text=text or gettext(SENTENCES[status]),
        code=code
        or {400: "bad_request", 403: "forbidden", 404: "not_found", 429: "too_many"}.get(status, "error"),
    )


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A named refusal: its own status, code and sentence."""
    status = error.status
    if request.method not in ("GET", "HEAD"):
        security_log.note("refused", request, code=error.code, status=status)
    told = told_of(error)
    return answer(
        request,
        status=status,
        title=told["title"],
        text=told["detail"],
        code=error.code,
        details=told["details"],
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    security_log.note("forbidden", request)
    return _plain(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    security_log.note("bad_request", request, kind=type(exception).__name__ if exception else None)
    return _plain(request, 400)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    security_log.note("too_many", request)
    return _plain(request, 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    security_log.note("form_expired", request)
    return _plain(request, 403, gettext(SENTENCES["csrf"]), code="form_expired")


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a bug, or 503 while the database or another part is away; it needs none of them."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError | Away)
    return _bare(request, 503, "away") if away else _bare(request, 500, "broken")


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 while the whole system must not answer; it needs no database, session or context either."""
    return _bare(request, 503, "away")


def _bare(request: HttpRequest, status: int, code: str) -> HttpResponse:
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if status == 503 else {}
    text = gettext(SENTENCES[status])
    if is_api(request):
        told = problem(status=status, title=gettext(TITLES[status]), text=text, code=code)
        return JsonResponse(told, status=status, headers=headers, content_type=PROBLEM)
    context = {
        "title": gettext(TITLES[status]),
        "text": text,
        "request_id": request_id.get(),
        "lang_tag": languages.tag(get_language()),
    }
    return HttpResponse(render_to_string("errors/broken.html", context), status=status, headers=headers)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """For the API framework: `{code, message, details}` for every refusal, its own and ours."""
    request: HttpRequest = context["request"]._request
    if isinstance(exception, DomainError):
        return refused(request, exception)
    if isinstance(exception, Http404):
        return not_found(request)
    if isinstance(exception, PermissionDenied):
        return forbidden(request)
    if isinstance(exception, APIException):
        return _of_framework(exception)
    return None


def _of_framework(exception: APIException) -> HttpResponse:
    """What the API framework refuses by itself: a wrong field, an unknown method, too many calls."""
    status = exception.status_code
    details = {"fields": exception.detail} if isinstance(exception.detail, dict) else {}
    title = gettext(TITLES.get(status, TITLES[409]))
    told = problem(
        status=status,
        title=title,
        text=title if details else str(exception.detail),
        code=str(exception.default_code),
        details=details,
    )
    if details:
        told["field"] = next(iter(exception.detail), None)
    wait = getattr(exception, "wait", None)
    headers = {"Retry-After": str(math.ceil(wait))} if wait else {}
    return JsonResponse(told, status=status, headers=headers, content_type=PROBLEM)
