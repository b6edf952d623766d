"""A fired deadline goes to the one function that knows its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from deadlines.events import DeadlineFired

Outcome = Callable[..., None]

_outcomes: dict[str, Outcome] = {}


def connect(table: Mapping[str, Outcome]) -> None:
    """Take the table of config/subscriptions.py: deadline kind → outcome."""
    _outcomes.clear()
    _outcomes.update(table)


def known_kinds() -> frozenset[str]:
    return frozenset(_outcomes)


def on_deadline_fired(event: DeadlineFired, *, at: datetime) -> None:
    """:raises KeyError: for a kind that nobody handles; the message waits and is parked, never lost"""
    _outcomes[event.kind](reference=event.reference, due_at=event.due_at, at=at)
