"""What one browser remembers for a person who agreed to it: ids in a signed cookie, nothing on our side.

Without the cookie nothing is asked and nothing is kept, so pages pay nothing for those who didn't agree.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from privacy import consent, visitors
from privacy.models import ConsentPurpose

COOKIE = f"{settings.COOKIE_PREFIX}anxin_recent"
MOST = 8
HALF_A_YEAR_SECONDS = 180 * 24 * 3600
_signer = signing.TimestampSigner(salt="privacy.remembering")


def start(response: HttpResponse, *, subject_id: UUID) -> None:
    """The person has said yes in this browser: from here on it remembers."""
    _keep(response, subject_id, [])


def stop(response: HttpResponse) -> None:
    """Forget everything that this browser remembers."""
    response.delete_cookie(COOKIE, samesite="Lax")


def remembers(request: HttpRequest) -> bool:
    """Whether this browser was told to remember; the consent itself is asked when something is shown."""
    return COOKIE in request.COOKIES


def seen(request: HttpRequest, *, at: datetime) -> list[UUID]:
    """The last things first; nothing for another person of this browser, or after a withdrawal."""
    held = _allowed(request, at)
    return held[1] if held else []


def remember(request: HttpRequest, response: HttpResponse, thing: UUID, *, at: datetime) -> HttpResponse:
    """Put `thing` first; where the consent is gone, the browser forgets. Gives the response back."""
    if remembers(request):
        held = _allowed(request, at)
        if held is None:
            stop(response)
        else:
            subject_id, things = held
            _keep(response, subject_id, [thing, *(each for each in things if each != thing)][:MOST])
    return response


def _allowed(request: HttpRequest, at: datetime) -> tuple[UUID, list[UUID]] | None:
    held = _read(request.COOKIES.get(COOKIE, ""))
    if held is None or visitors.subject_of(request) != held[0]:
        return None
    if not consent.given(subject_id=held[0], purpose=ConsentPurpose.PERSONALISATION, at=at):
        return None
    return held


def _read(cookie: str) -> tuple[UUID, list[UUID]] | None:
    if not cookie:
        return None
    try:
        whose, *things = _signer.unsign(cookie, max_age=HALF_A_YEAR_SECONDS).split(".")
        return UUID(whose), [UUID(each) for each in things]
    except (signing.BadSignature, ValueError):
        return None


def _keep(response: HttpResponse, subject_id: UUID, things: list[UUID]) -> None:
    value = ".".join(each.hex for each in (subject_id, *things))
    response.set_cookie(
        COOKIE,
        _signer.sign(value),
        max_age=HALF_A_YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
