"""What wraps every request: no page of a restored system before its time, no look without a line."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from privacy import access_record, erased, inventory, opened, restored
from privacy.access_words import UNANNOUNCED
from privacy.keys import KeyDestroyed
from web import errors, security_log

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# A refusing process looks again soon; a serving one seldom, for the case that hands went past `restore`.
LOOK_AGAIN, LOOK_SELDOM = 2.0, 30.0
# Where people read what belongs to others; everywhere else one reads one's own.
AREAS = ("/admin/", "/staff/", "/merchant/", "/api/v1/merchant/")
ALWAYS = ("/healthz", "/readyz", "/static/")


class ServingMiddleware:
    """Answers 503 instead of a page while `restored.why_not` has a reason."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._until = 0.0
        self._reason = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.CHECK_SERVING and not request.path.startswith(ALWAYS) and self._refuses():
            response = errors.unavailable(request)
            # For whoever starts the site and waits for its first page.
            response["X-Closed-Because"] = self._reason
            return response
        return self.get_response(request)

    def _refuses(self) -> str:
        now = time.monotonic()
        if now >= self._until:
            self._reason = restored.why_not()
            self._until = now + (LOOK_AGAIN if self._reason else LOOK_SELDOM)
            if self._reason:
                log.critical("this system refuses to serve", extra={"code": self._reason})
        return self._reason


class UnrecordedLook(RuntimeError):
    """A page shows somebody's data to somebody else and has written no line: a bug."""


class AccessNetMiddleware:
    """The net beneath the one door: no page of a shop or of staff unseals data without a line.

    What slips through is written as unannounced and raises an alarm; in tests it fails the request. It costs
    a comparison of two sets per page, and nothing outside of the areas.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(AREAS):
            return self.get_response(request)
        with opened.on_this_page() as page:
            response = self.get_response(request)
        # A redirect shows nothing: what a step read for itself was seen by no human.
        if not 300 <= response.status_code < 400 and response.status_code != 204:
            self._account_for(request, page)
        return response

    def _account_for(self, request: HttpRequest, page: opened.Opened) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if page.columns and actor.subject_id is not None:
            page.answered.add(actor.subject_id)
        left = page.unanswered(inventory.public_columns())
        if left and settings.UNRECORDED_LOOKS_FAIL:
            raise UnrecordedLook(f"{request.method} {request.path}: {sorted(set().union(*left.values()))}")
        for subject_id, columns in left.items():
            security_log.note("unannounced_look", request, columns=",".join(columns))
            access_record.record(
                actor=actor,
                subject_id=subject_id,
                purpose=UNANNOUNCED,
                fields=columns,
                at=clock.now(),
                expected=False,
            )


class PersonErased(DomainError):
    code = "person_erased"
    message = N_("This belonged to somebody whose data was erased, so it can't be read or changed any more.")
    status = 410


class ErasedMiddleware:
    """Pages that are only looked at show a stated gap where an erased person's words stood.

    Whatever would change something, or hand out such a file, is refused in words instead.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with erased.shown():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, PersonErased()) if isinstance(exception, KeyDestroyed) else None
