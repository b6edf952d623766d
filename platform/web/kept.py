"""Where limits stand while the cache's server is away: a table, so that a failure opens no door.

Keys are digested, values are JSON, times are the database's real clock.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import connection

# Counters of tries and marks of used codes; everything else in the cache may be lost.
PREFIXES = ("allauth", "limit:")


def is_limit(key: Any) -> bool:
    return isinstance(key, str) and key.startswith(PREFIXES)


def get(key: str, default: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value::text FROM web_keptvalue WHERE key = %s AND until > clock_timestamp()",
            [_digest(key)],
        )
        row = cursor.fetchone()
    return json.loads(row[0]) if row else default


def put(key: str, value: Any, *, seconds: float) -> None:
    _write(key, value, seconds, "")


def add(key: str, value: Any, *, seconds: float) -> bool:
    """Only where nothing stands; of two at once one succeeds."""
    return _write(key, value, seconds, " WHERE held.until <= clock_timestamp()")


def delete(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_keptvalue WHERE key = %s", [_digest(key)])


def prune(*, limit: int) -> int:
    """Take away what has run out, at most so many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM web_keptvalue WHERE key IN (SELECT key FROM web_keptvalue"
            " WHERE until <= clock_timestamp() ORDER BY until LIMIT %s)",
            [limit],
        )
        return int(cursor.rowcount)


def _write(key: str, value: Any, seconds: float, only_where: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_keptvalue AS held (key, value, until)"
            " VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s))"
            f" ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until{only_where}",
            [_digest(key), json.dumps(value), seconds],
        )
        return bool(cursor.rowcount == 1)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
