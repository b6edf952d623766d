"""The platform's time: the database's plus one offset row, so every process agrees.

A worker with a wrong clock changes nothing, and the demo and tests can move all parts at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

from kernel import clock
from kernel.errors import N_, DomainError
from outbox.models import PlatformClock

Mover = Callable[[datetime], None]

# A shift reaches every process within this many seconds.
REMEASURE_AFTER = 1.0


class ClockFixed(DomainError):
    code = "clock_fixed"
    message = N_("The platform's clock can't be moved here: that is only possible in the demo and in tests.")


def database_now() -> datetime:
    """`platform_now()` of the database, aware, UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_now()")
        (instant,) = cursor.fetchone()
    result: datetime = instant
    return result.astimezone(UTC)


class DatabaseSource:
    """A clock source that asks the database once a second and counts on from there."""

    def __init__(self) -> None:
        self._measured = -REMEASURE_AFTER
        self._instant = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        passed = time.monotonic() - self._measured
        if passed >= REMEASURE_AFTER:
            self._instant = database_now()
            self._measured = time.monotonic()
            return self._instant
        return self._instant + timedelta(seconds=passed)


def allow_shifting(*, allowed: bool) -> None:
    """Set at start by config: demo and tests may move the clock, production may not."""
    shift = {} if allowed else {"shift": timedelta(0), "played": False}
    PlatformClock.objects.update_or_create(
        id=1,
        defaults={"shiftable": allowed, **shift},
        create_defaults={"shiftable": allowed, "shift": timedelta(0)},
    )


def shift(*, by: timedelta) -> timedelta:
    """Move the platform's time on by `by` (may be negative); gives the whole shift.

    :raises ClockFixed: in production
    """
    row = PlatformClock.objects.filter(id=1, shiftable=True).first()
    if row is None:
        raise ClockFixed()
    row.shift += by
    row.save(update_fields=["shift"])
    moved: timedelta = row.shift
    return moved


def note_played(*, played: bool) -> None:
    """Past days are played from now on, or no longer; committed at once, so that every process sees it.

    :raises ClockFixed: in production
    """
    if not PlatformClock.objects.filter(id=1, shiftable=True).update(played=played):
        raise ClockFixed()


def is_played() -> bool:
    """True while past days are played: what is due then is not due now, so the loop rests."""
    return PlatformClock.objects.filter(id=1, played=True).exists()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """This process and this database session stand still at `instant` (demo, tests).

    :raises ClockFixed: in production
    """
    if not PlatformClock.objects.filter(id=1, shiftable=True).exists():
        raise ClockFixed()
    before = _set_session(instant.isoformat())
    try:
        with clock.frozen(instant):
            yield
    finally:
        _set_session(before)


@contextmanager
def moving(instant: datetime) -> Iterator[Mover]:
    """Like `frozen`, and the function it gives moves on to another instant with one statement.

    :raises ClockFixed: in production
    """
    stands_at = instant

    def move(to: datetime) -> None:
        nonlocal stands_at
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('anxin.frozen_at', %s, false)", [to.isoformat()])
        stands_at = to

    with frozen(instant):
        before = clock.use(lambda: stands_at)
        try:
            yield move
        finally:
            clock.use(before)


def _set_session(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('anxin.frozen_at', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('anxin.frozen_at', %s, false)", [text])
    return str(before)
