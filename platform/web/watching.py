"""How often what happened, hour by hour: counted in this process and added to the table now and then.

An attack must not buy a row or a lock with each refused request, so a process writes at most once in ten
seconds, one statement, outside of any transaction. What a killed process had not written is lost; the log
lines are not.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from datetime import datetime

from django.db import DatabaseError, InterfaceError, connection

from web.models import SecurityCount

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
# Routes are ours and few; more kinds than this is a mistake, and is counted together.
MOST_KINDS = 500

_lock = threading.Lock()
_counts: Counter[tuple[datetime, str, str]] = Counter()
_written = time.monotonic()


def count(what: str, route: str, *, at: datetime) -> None:
    """One more of `what` at `route` in the hour (UTC) of `at`, the real time."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with _lock:
        known = (hour, what, route) in _counts or len(_counts) < MOST_KINDS
        _counts[(hour, what, route if known else "others")] += 1


def write_if_due(*, now: bool = False) -> int:
    """Add what has gathered to the table; says how many rows it touched, 0 while it is too soon."""
    global _written, _counts
    if not _counts or connection.in_atomic_block or (not now and time.monotonic() - _written < EVERY_SECONDS):
        return 0
    with _lock:
        gathered, _counts, _written = _counts, Counter(), time.monotonic()
    try:
        return SecurityCount.objects.add(gathered)
    except (DatabaseError, InterfaceError) as problem:
        log.warning("security counts could not be written: %s", type(problem).__name__)
        with _lock:
            _counts.update(gathered)
        return 0
