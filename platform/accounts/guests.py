"""Buying without an account: a subject of one's own, known to the browser by a signed cookie.

A browser that came by an order's link only visits that guest: it may see and act on the orders, but what it
puts aside or buys goes to a subject of its own. Else a link would collect the address of whoever opens it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts import linking
from accounts.events import GuestClaimed
from accounts.finding import is_account, subject_lives
from kernel.actor import Actor
from outbox import bus
from privacy import subjects

COOKIE = f"{settings.COOKIE_PREFIX}anxin_guest"
# Ends with the browser: whose order somebody looked at must not hide what they bought themselves.
VISIT_COOKIE = f"{settings.COOKIE_PREFIX}anxin_visit"
HALF_A_YEAR_SECONDS = 180 * 24 * 3600
_signer = signing.TimestampSigner(salt="accounts.guest")


def subject_of(request: HttpRequest) -> UUID | None:
    """Whose cart this is: the account's subject, else the guest's own, else nobody's."""
    return shopper_of(request).subject_id


def shopper_of(request: HttpRequest) -> Actor:
    """Who puts aside and buys: the account's person or a guest of this browser's own, else nobody."""
    if request.user.is_authenticated:
        return Actor.buyer(request.user.subject_id)
    own = guest_of(request)
    return Actor.buyer(own) if own else Actor.anonymous()


def actor_of(request: HttpRequest) -> Actor:
    """Like `request.actor`, but a guest acts as a buyer, also one who is visited: for orders and cases."""
    if request.user.is_authenticated:
        return Actor.buyer(request.user.subject_id)
    guest = visited_by(request) or guest_of(request)
    return Actor.buyer(guest) if guest else Actor.anonymous()


def subject_for(request: HttpRequest, *, at: datetime) -> UUID:
    """The shopper's subject; a visitor who has none gets one. Only where something is kept: never on GET."""
    known = subject_of(request)
    if known and (request.user.is_authenticated or subject_lives(known)):
        return known
    made = subjects.create_subject(locale=get_language() or "zh-hans", at=at).pk
    _become(request, made)
    return made


def recognise(request: HttpRequest, *, subject_id: UUID) -> bool:
    """A signed link proved which guest's order this is: let the browser visit. False for accounts.

    A guest who has become somebody's account is visited no more: a forwarded link must not outlive that.
    """
    if request.user.is_authenticated or is_account(subject_id) or linking.is_linked(subject_id):
        return False
    if actor_of(request).subject_id != subject_id:
        request.__dict__["_visited"] = None if guest_of(request) == subject_id else subject_id
        request.__dict__["_visit_changed"] = True
    return True


def guest_of(request: HttpRequest) -> UUID | None:
    """The guest that the browser's own cookie names; a forged or stale cookie names nobody."""
    return _known(request, "_guest", COOKIE)


def visited_by(request: HttpRequest) -> UUID | None:
    """The guest whose order link was opened here last."""
    return _known(request, "_visited", VISIT_COOKIE)


def only_visits(request: HttpRequest) -> bool:
    """Whether this browser is somebody's by an order's link alone, and not the one that bought."""
    visited = visited_by(request)
    return not request.user.is_authenticated and visited is not None and visited != guest_of(request)


def _known(request: HttpRequest, name: str, cookie: str) -> UUID | None:
    kept = request.__dict__
    if name not in kept:
        kept[name] = _read(request.COOKIES.get(cookie, ""))
    found: UUID | None = kept[name]
    return found


def _become(request: HttpRequest, guest: UUID | None) -> None:
    request.__dict__["_guest"] = guest
    request.__dict__["_guest_changed"] = True


def _read(cookie: str) -> UUID | None:
    try:
        return UUID(_signer.unsign(cookie, max_age=HALF_A_YEAR_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give a new guest or visitor its cookie; take both from one who has signed in."""
    if "_guest_changed" in request.__dict__:
        _keep(response, COOKIE, guest_of(request), HALF_A_YEAR_SECONDS)
    if "_visit_changed" in request.__dict__:
        _keep(response, VISIT_COOKIE, visited_by(request), None)


def _keep(response: HttpResponse, name: str, guest: UUID | None, seconds: int | None) -> None:
    if guest is None:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        _signer.sign(str(guest)),
        max_age=seconds,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@transaction.atomic
def claim_guest(*, subject_id: UUID, guest_subject_id: UUID, at: datetime) -> bool:
    """The account takes over what its browser did as a guest; False when that is no guest.

    What was bought stays with the guest's subject and its key; the link opens it to the account.
    """
    if guest_subject_id == subject_id or not subject_lives(guest_subject_id) or is_account(guest_subject_id):
        return False
    if not linking.link(owner_id=subject_id, guest_id=guest_subject_id, at=at):
        return False
    bus.publish(GuestClaimed(subject_id=subject_id, guest_subject_id=guest_subject_id), at=at)
    return True


def claim_at_sign_in(request: HttpRequest, *, subject_id: UUID, at: datetime) -> None:
    """Called once per sign-in by the adapter. Whom the browser only visited stays a guest."""
    guest = guest_of(request)
    if guest is not None:
        claim_guest(subject_id=subject_id, guest_subject_id=guest, at=at)
        _become(request, None)
    if visited_by(request) is not None:
        request.__dict__["_visited"] = None
        request.__dict__["_visit_changed"] = True
