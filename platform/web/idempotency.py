"""Sending the same form twice does the thing once.

The decorator opens the transaction, claims the key's row and runs the view in it, so the effect and the
record of it commit together. A finished key answers with the same redirect. A refused attempt changed
nothing, so the same form may be corrected and sent again under the same key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.errors import N_, DomainError
from web.models import IdempotencyKey, KeyState

FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
PROGRAMS = "/api/"
KEPT = timedelta(hours=72)

# Transport details that differ between two honest sendings of one form.
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}
_KEY = re.compile(r"[A-Za-z0-9_-]{8,80}")

# What the view that runs now has shown; nothing to remember outside of one.
_seen: ContextVar[list[Callable[[], object]] | None] = ContextVar("seen", default=None)

View = TypeVar("View", bound=Callable[..., HttpResponse])


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    message = N_(
        "The form came in incomplete, so nothing was done. Go back, reload the page and send it again."
    )
    status = 422


class KeyHeaderMissing(KeyMissing):
    message = N_(
        "Send an Idempotency-Key header of 8 to 80 letters, digits, - or _, a new one for each step."
        " Nothing was done."
    )


class KeyReusedByProgram(DomainError):
    code = "idempotency_key_reused"
    message = N_(
        "This Idempotency-Key was used for another body or address. Nothing was done:"
        " send the first body again to see its answer, or use a new key."
    )
    status = 409


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    message = N_(
        "This form was already sent with other details."
        " Reload the page to see what was done, then start again."
    )
    status = 409


def fingerprint(request: HttpRequest) -> str:
    """Digest of method, path and body; files count by name, size and content."""
    digest = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data", ""):
        for name in sorted(set(request.POST) - NOT_CONTENT):
            digest.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for upload in request.FILES.getlist(name):
                digest.update(repr((name, upload.name, upload.size)).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def scope_of(request: HttpRequest) -> str:
    """Whose key it is: the actor, or for someone unknown the (hashed) session."""
    actor = str(getattr(request, "actor", "anonymous"))
    if ":" in actor:
        return actor[:120]
    session = getattr(request, "session", None)
    key = (session.session_key if session is not None else None) or ""
    return "session:" + hashlib.sha256(key.encode()).hexdigest()[:32]


def idempotent(view: View, again: Callable[..., HttpResponse] | None = None) -> View:
    """For POST views that move money or open a case.

    `again` answers a repetition in place of the bare status; it finds `request.first_address`.

    :raises KeyMissing: when neither the hidden field nor the header carries a key
    :raises KeyReused: when the key was used for something else
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        programs = request.path.startswith(PROGRAMS)
        key = request.headers.get(HEADER) or ("" if programs else request.POST.get(FIELD, ""))
        if not _KEY.fullmatch(key):
            raise KeyHeaderMissing if programs else KeyMissing
        done = _once(request, key, lambda: view(request, *args, **kwargs))
        if not isinstance(done, IdempotencyKey):
            return done
        if again is None:
            return replay(request, done)
        request.first_address = done.location  # type: ignore[attr-defined]
        answer = again(request, *args, **kwargs)
        answer.headers["Idempotency-Replayed"] = "true"
        return answer

    return cast(View, once)


def _once(request: HttpRequest, key: str, run: Callable[[], HttpResponse]) -> HttpResponse | IdempotencyKey:
    """What came of it, or the row of the key that did it before."""
    mark = fingerprint(request)
    with transaction.atomic():
        row = IdempotencyKey.objects.claim(scope=scope_of(request), key=key, fingerprint=mark, at=clock.now())
        if row.state == KeyState.DONE:
            if row.fingerprint != mark:
                raise KeyReusedByProgram if request.path.startswith(PROGRAMS) else KeyReused
            return row
        row.fingerprint = mark
        outcome = _attempt(row, run)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _attempt(row: IdempotencyKey, run: Callable[[], HttpResponse]) -> HttpResponse | DomainError:
    """Run it and write down how it ended; a refusal is raised only after its record is committed."""
    try:
        response = _run_whole(run)
    except DomainError as error:
        _finish(row, KeyState.REFUSED, error.status, error_code=error.code)
        return error
    state = KeyState.DONE if response.status_code < 400 else KeyState.REFUSED
    location = response.headers.get("HX-Redirect") or response.headers.get("Location") or ""
    _finish(row, state, response.status_code, location=location[:500])
    return response


def _run_whole(run: Callable[[], HttpResponse]) -> HttpResponse:
    """A savepoint: a refusal or a form that needs changes leaves nothing behind but what was seen in it."""
    token = _seen.set([])
    try:
        with transaction.atomic():
            response = run()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        if response.status_code >= 400:
            for write in _seen.get() or ():
                write()
        return response
    finally:
        _seen.reset(token)


def write_whatever_comes(write: Callable[[], object]) -> None:
    """Write now, and anew if the form comes back: who was shown a page was shown it, whatever was undone."""
    write()
    seen = _seen.get()
    if seen is not None:
        seen.append(write)


def _finish(
    row: IdempotencyKey, state: KeyState, status: int, *, location: str = "", error_code: str = ""
) -> None:
    row.state, row.status, row.location, row.error_code = state, status, location, error_code
    row.save(update_fields=["fingerprint", "state", "status", "location", "error_code"])


def replay(request: HttpRequest, row: IdempotencyKey) -> HttpResponse:
    """The first answer again, without its body: the same redirect, or the same status and location."""
    headers = {"Idempotency-Replayed": "true"}
    if request.headers.get("HX-Request") == "true" and row.location:
        return HttpResponse(status=204, headers=headers | {"HX-Redirect": row.location})
    if row.location:
        status = row.status if row.status in (201, 202, 301, 302, 303, 307, 308) else 303
        return HttpResponse(status=status, headers=headers | {"Location": row.location})
    return HttpResponse(status=row.status or 200, headers=headers)


def reap(*, at: datetime) -> int:
    """Forget keys after 72 hours; returns how many."""
    forgotten, _ = IdempotencyKey.objects.older_than(at - KEPT).delete()
    return int(forgotten)
