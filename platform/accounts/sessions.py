"""One's own sessions: seen, ended one by one or all at once, and told of when a new browser signs in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import BrowserSession, KnownDevice, User
from kernel.errors import N_, DomainError
from notifications.sending import send
from privacy import blind_index
from web.kept_statements import Kept


class SessionGone(DomainError):
    code = "session_gone"
    message = N_("That session has ended already.")
    status = 404


def _running(digest: str, now: datetime) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(pk=digest, expire_date__gt=now)


_ROWS = Kept[BrowserSession](_running)


def row(digest: str, *, now: datetime) -> BrowserSession | None:
    """The session that still runs at `now` (real time)."""
    return next(iter(_ROWS.rows(digest=digest, now=now)), None)


def exists(digest: str) -> bool:
    return BrowserSession.objects.filter(pk=digest).exists()


def begin(digest: str, columns: Mapping[str, Any], *, now: datetime) -> bool:
    """Write a new row; False when there is one with this digest."""
    try:
        with transaction.atomic():
            BrowserSession.objects.create(pk=digest, started_at=now, seen_at=now, **columns)
    except IntegrityError:
        return False
    return True


def rewrite(digest: str, columns: Mapping[str, Any]) -> bool:
    """False when the session has been ended meanwhile: it doesn't come back."""
    return bool(BrowserSession.objects.filter(pk=digest).update(**columns))


def drop(digest: str) -> None:
    BrowserSession.objects.filter(pk=digest).delete()


def drop_expired(*, now: datetime) -> int:
    """Sweep what has run out by `now` (real time)."""
    return BrowserSession.objects.filter(expire_date__lt=now).delete()[0]


def of_account(user_id: UUID) -> list[BrowserSession]:
    """Those that are open, the one seen last first."""
    return list(BrowserSession.objects.filter(user_id=user_id).order_by("-seen_at", "pk"))


@transaction.atomic
def end(*, user_id: UUID, digest: str) -> None:
    """:raises SessionGone: it has ended, or belongs to somebody else"""
    gone, _ = BrowserSession.objects.filter(user_id=user_id, pk=digest).delete()
    if not gone:
        raise SessionGone


@transaction.atomic
def end_all(*, user_id: UUID, but: str | None = None) -> int:
    """End every session of the account, except the one with this digest."""
    ended, _ = BrowserSession.objects.filter(user_id=user_id).exclude(pk=but or "").delete()
    return ended


def forget_since(*, user_id: UUID, since: datetime) -> int:
    """Browsers that the account has known only since then: they may be somebody else's."""
    return KnownDevice.objects.filter(user_id=user_id, first_at__gte=since).delete()[0]


@transaction.atomic
def greet(*, user: User, cookie: str, device: str, browser: str, link: str, at: datetime) -> bool:
    """Remember the browser that has just signed in; a letter goes out when the account didn't know it.

    The very first browser of an account is its owner's. True when a letter was written.
    """
    digest = blind_index.of("accounts.device", cookie)
    known = KnownDevice.objects.filter(user=user)
    if known.filter(digest=digest).update(last_at=at, device=device, browser=browser):
        return False
    first = not known.exists()
    KnownDevice.objects.create(
        user=user, digest=digest, device=device, browser=browser, first_at=at, last_at=at
    )
    if first:
        return False
    send(
        subject_id=user.subject_id,
        kind="accounts.new_device",
        reference=user.pk,
        params={"device": device, "browser": browser, "at": at, "path": link},
        at=at,
    )
    return True
