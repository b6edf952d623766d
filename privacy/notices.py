"""The notice that keys came or went: one number in the database that every process asks for.

It is asked at most once a second and only when keys are used; past statements of a request it costs nothing.
"""

from __future__ import annotations

import time

from django.db import connection

CHECK_SECONDS = 1.0
_BROKEN = 3  # psycopg2's TRANSACTION_STATUS_INERROR

_PUBLISH = """
INSERT INTO privacy_keynotice (id, number, at) VALUES (1, 1, now())
ON CONFLICT (id) DO UPDATE SET number = privacy_keynotice.number + 1, at = now()
"""

next_look = 0.0
_seen: int | None = None


def publish() -> None:
    """Tell every process to drop its cached keys once the transaction that runs has committed.

    Call it last in a transaction: whoever publishes next waits until this one ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH)


def arrived() -> bool:
    """Whether keys came or went since the last look; false where the database can't be asked now."""
    global next_look, _seen
    now = time.monotonic()
    if now < next_look:
        return False
    number = _read()
    if number is None:
        return False
    next_look = now + CHECK_SECONDS
    before, _seen = _seen, number
    return before is not None and before != number


def look_again() -> None:
    """Ask at the next use, however short ago the last look was."""
    global next_look
    next_look = 0.0


def _read() -> int | None:
    """Past Django's cursor: a statement a second per process, like the clock's, and no part of any page."""
    connection.ensure_connection()
    raw = connection.connection
    if connection.needs_rollback or raw.info.transaction_status == _BROKEN:
        return None
    with raw.cursor() as cursor:
        cursor.execute("SELECT number FROM privacy_keynotice WHERE id = 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
