"""What a watcher of attacks needs to see, one line each: what, who (a pseudonym), where, how it ended.

docs/logging.md lists the words. A line never holds what somebody typed: ids, codes and address patterns only.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from web import watching

_log = logging.getLogger("security")

Fact = str | int | bool | UUID | None


def note(what: str, request: HttpRequest | None = None, **facts: Fact) -> None:
    """Write `what` ("form_expired", "signed_in") with codes and ids; of a request its method and route."""
    line: dict[str, Fact] = {"what": what}
    if request is not None:
        match = request.resolver_match
        # The route and not the path: a path may hold a number or a token.
        line |= {
            "method": request.method,
            "route": f"/{match.route}" if match else "none",
            "actor": _actor(request),
        }
    line |= facts
    watching.count(what, str(line.get("route", "none"))[:200], at=timezone.now())
    _log.info(what, extra={"facts": {key: _plain(value) for key, value in line.items()}})


def _plain(value: Fact) -> str | int | bool | None:
    return str(value) if isinstance(value, UUID) else value


def _actor(request: HttpRequest) -> str:
    """Nobody is asked for here: who was not known yet stays unknown, at no cost of a query."""
    known = getattr(getattr(request, "_cached_user", None), "subject_id", None)
    return f"person:{known}" if known else "unknown"
