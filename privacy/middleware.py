"""Refusing to serve what should not be there: a restored database before its tombstones were replayed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from privacy import restored
from web import errors

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# A refusing process looks again soon; a serving one seldom, for the case that hands went past `restore`.
LOOK_AGAIN, LOOK_SELDOM = 2.0, 30.0
ALWAYS = ("/healthz", "/readyz", "/static/")


class ServingMiddleware:
    """Answers 503 instead of a page while `restored.why_not` has a reason."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._until = 0.0
        self._reason = ""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.CHECK_SERVING and not request.path.startswith(ALWAYS) and self._refuses():
            return errors.unavailable(request)
        return self.get_response(request)

    def _refuses(self) -> str:
        now = time.monotonic()
        if now >= self._until:
            self._reason = restored.why_not()
            self._until = now + (LOOK_AGAIN if self._reason else LOOK_SELDOM)
            if self._reason:
                log.critical("this system refuses to serve", extra={"code": self._reason})
        return self._reason
