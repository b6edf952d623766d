"""Buying without an account: a subject of one's own, known to the browser by a signed cookie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.events import GuestClaimed
from accounts.finding import is_account, subject_lives
from kernel.actor import Actor
from outbox import bus
from privacy import subjects

COOKIE = "anxin_guest"
HALF_A_YEAR_SECONDS = 180 * 24 * 3600
_signer = signing.TimestampSigner(salt="accounts.guest")


def subject_of(request: HttpRequest) -> UUID | None:
    """Whose cart this is: the account's subject, else the guest's, else nobody's."""
    if request.user.is_authenticated:
        return request.user.subject_id
    return guest_of(request)


def actor_of(request: HttpRequest) -> Actor:
    """Like `request.actor`, but a guest who has a subject acts as its buyer."""
    subject_id = subject_of(request)
    return Actor.buyer(subject_id) if subject_id else Actor.anonymous()


def subject_for(request: HttpRequest, *, at: datetime) -> UUID:
    """Like `subject_of`, but a visitor who has none gets one. Only where something is kept: never on GET."""
    known = subject_of(request)
    if known and (request.user.is_authenticated or subject_lives(known)):
        return known
    made = subjects.create_subject(locale=get_language() or "zh-hans", at=at).pk
    request.__dict__["_guest_subject"] = made
    request.__dict__["_guest_cookie"] = made
    return made


def guest_of(request: HttpRequest) -> UUID | None:
    """The guest that the browser's cookie names; a forged or stale cookie names nobody."""
    kept = request.__dict__
    if "_guest_subject" not in kept:
        kept["_guest_subject"] = _read(request.COOKIES.get(COOKIE, ""))
    found: UUID | None = kept["_guest_subject"]
    return found


def recognise(request: HttpRequest, *, subject_id: UUID) -> bool:
    """A signed link proved whose browser this is: let it act as that guest; False for an account's person."""
    if request.user.is_authenticated or is_account(subject_id):
        return False
    request._guest_subject = subject_id  # type: ignore[attr-defined]
    request._guest_cookie = subject_id  # type: ignore[attr-defined]
    return True


def _read(cookie: str) -> UUID | None:
    try:
        return UUID(_signer.unsign(cookie, max_age=HALF_A_YEAR_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give a new guest its cookie; take it from one who has signed in."""
    made: UUID | None = getattr(request, "_guest_cookie", None)
    if made:
        response.set_cookie(
            COOKIE,
            _signer.sign(str(made)),
            max_age=HALF_A_YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    elif getattr(request, "_guest_claimed", False):
        response.delete_cookie(COOKIE, samesite="Lax")


@transaction.atomic
def claim_guest(*, subject_id: UUID, guest_subject_id: UUID, at: datetime) -> bool:
    """The account takes over what its browser did as a guest; False when that is no guest."""
    if guest_subject_id == subject_id or is_account(guest_subject_id):
        return False
    bus.publish(GuestClaimed(subject_id=subject_id, guest_subject_id=guest_subject_id), at=at)
    return True


def claim_at_sign_in(request: HttpRequest, *, subject_id: UUID, at: datetime) -> None:
    """Called once per sign-in by the adapter."""
    guest = guest_of(request)
    if guest is None:
        return
    claim_guest(subject_id=subject_id, guest_subject_id=guest, at=at)
    request.__dict__["_guest_claimed"] = True
    request.__dict__["_guest_subject"] = None
    request.__dict__["_guest_cookie"] = None
