"""Loading the bundled data that the rooms stand on: law packs, calendars, policies and categories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from catalog.categories import load_categories
from kernel.actor import Actor
from privacy import assessments
from rulebook.loading import load_bundled


def seed(*, at: datetime) -> Iterator[str]:
    """Bring every bundled table up to date; says what it did, line by line."""
    yield from load_bundled(actor=Actor.system(), at=at)
    load_categories(at=at)
    assessments.load_bundled(at=at)
