"""Buying without an account: a subject of one's own, known to the browser by a signed cookie.

A browser that came by an order's link only visits that guest: it may see and act on the orders, but what it
puts aside or buys goes to a subject of its own. Else a link would collect the address of whoever opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Guest:
    """`visiting`: the browser came by a link and did not make this subject itself."""

    subject_id: UUID
    visiting: bool = False

    def __str__(self) -> str:
        return f"{self.subject_id}{'.visiting' if self.visiting else ''}"


def subject_of(request: HttpRequest) -> UUID | None:
    """Whose cart this is: the account's subject, else the guest's own, else nobody's."""
    return shopper_of(request).subject_id


def shopper_of(request: HttpRequest) -> Actor:
    """Who puts aside and buys: the account's person or a guest of this browser's own, else nobody."""
    guest = None if request.user.is_authenticated else guest_of(request)
    return Actor.anonymous() if guest and guest.visiting else actor_of(request)


def actor_of(request: HttpRequest) -> Actor:
    """Like `request.actor`, but a guest acts as a buyer, also one who is visited: for orders and cases."""
    if request.user.is_authenticated:
        return Actor.buyer(request.user.subject_id)
    guest = guest_of(request)
    return Actor.buyer(guest.subject_id) if guest else Actor.anonymous()


def subject_for(request: HttpRequest, *, at: datetime) -> UUID:
    """The shopper's subject; a visitor who has none gets one. Only where something is kept: never on GET."""
    known = subject_of(request)
    if known and (request.user.is_authenticated or subject_lives(known)):
        return known
    made = subjects.create_subject(locale=get_language() or "zh-hans", at=at).pk
    _become(request, Guest(made))
    return made


def recognise(request: HttpRequest, *, subject_id: UUID) -> bool:
    """A signed link proved which guest's order this is: let the browser visit. False for accounts."""
    if request.user.is_authenticated or is_account(subject_id):
        return False
    if actor_of(request).subject_id != subject_id:
        _become(request, Guest(subject_id, visiting=True))
    return True


def guest_of(request: HttpRequest) -> Guest | None:
    """The guest that the browser's cookie names; a forged or stale cookie names nobody."""
    kept = request.__dict__
    if "_guest" not in kept:
        kept["_guest"] = _read(request.COOKIES.get(COOKIE, ""))
    found: Guest | None = kept["_guest"]
    return found


def _become(request: HttpRequest, guest: Guest | None) -> None:
    request.__dict__["_guest"] = guest
    request.__dict__["_guest_changed"] = True


def _read(cookie: str) -> Guest | None:
    try:
        subject_id, _, mark = _signer.unsign(cookie, max_age=HALF_A_YEAR_SECONDS).partition(".")
        return Guest(UUID(subject_id), visiting=bool(mark))
    except (signing.BadSignature, ValueError):
        return None


def keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give a new guest its cookie; take it from one who has signed in."""
    if "_guest_changed" not in request.__dict__:
        return
    guest = guest_of(request)
    if guest is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        _signer.sign(str(guest)),
        max_age=HALF_A_YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@transaction.atomic
def claim_guest(*, subject_id: UUID, guest_subject_id: UUID, at: datetime) -> bool:
    """The account takes over what its browser did as a guest; False when that is no guest."""
    if guest_subject_id == subject_id or is_account(guest_subject_id):
        return False
    bus.publish(GuestClaimed(subject_id=subject_id, guest_subject_id=guest_subject_id), at=at)
    return True


def claim_at_sign_in(request: HttpRequest, *, subject_id: UUID, at: datetime) -> None:
    """Called once per sign-in by the adapter. Whom the browser only visited stays a guest."""
    guest = guest_of(request)
    if guest is None:
        return
    if not guest.visiting:
        claim_guest(subject_id=subject_id, guest_subject_id=guest.subject_id, at=at)
    _become(request, None)
