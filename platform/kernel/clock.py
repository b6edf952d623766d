"""What time it is on the platform, for the edges; use cases take `at` instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system


def now() -> datetime:
    """The platform's instant, aware, UTC. Only edges may call this."""
    instant = _source()
    if instant.tzinfo is None:
        raise RuntimeError("the clock's source gave a time without a zone")
    return instant


def use(source: Source) -> Source:
    """Put another source in place (config at start: the database's clock); returns the old one."""
    global _source
    old, _source = _source, source
    return old


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Stand still at `instant`, for tests and for the demo's history."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    old = use(lambda: instant)
    try:
        yield
    finally:
        use(old)
