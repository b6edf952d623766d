"""When the two letters before a deadline go out; a higher floor says how long before, by kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Before = tuple[timedelta, timedelta]
Thresholds = Callable[[str, datetime], Before | None]
Instants = tuple[datetime | None, datetime | None]


def _none(kind: str, at: datetime) -> Before | None:
    return None


_thresholds: Thresholds = _none


def connect(thresholds: Thresholds) -> None:
    """`thresholds(kind, at)` gives the longer time before first; None for a kind without letters."""
    global _thresholds
    _thresholds = thresholds


def instants(kind: str, *, due_at: datetime, at: datetime) -> Instants:
    """The next letter and the last one after it; a threshold that has passed `at` gets no letter."""
    before = _thresholds(kind, at)
    if before is None:
        return None, None
    first, second = (due_at - each for each in before)
    if first > at:
        return first, second
    return (second, None) if second > at else (None, None)


def moved(kind: str, held: Instants, *, due_at: datetime, at: datetime) -> Instants:
    """The same for a deadline that moves: what was sent already isn't sent again."""
    if held[0] is None:
        return None, None
    fresh = instants(kind, due_at=due_at, at=at)
    if held[1] is None and fresh[1] is not None:
        return fresh[1], None
    return fresh
