"""Who listens to what, which outcome a deadline has: the readable tables of the house."""

from __future__ import annotations

from collections.abc import Callable

from deadlines import handlers as deadline_handlers
from deadlines.events import DeadlineFired
from kernel.events import Event

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    DeadlineFired: (deadline_handlers.on_deadline_fired,),
}

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {}


def connect_rest() -> None:
    """Letter kinds and the privacy inventory, handed down at start."""
