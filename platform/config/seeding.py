"""Loading the bundled data that the rooms stand on: law packs, calendars, policies, categories."""

from __future__ import annotations

from collections.abc import Iterator

from kernel import clock
from kernel.actor import Actor
from rulebook import loading


def seed() -> Iterator[str]:
    """Bring every bundled table up to date; says what it did, line by line."""
    yield from loading.load_bundled(actor=Actor.system(), at=clock.now())
