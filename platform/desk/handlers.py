"""What the desk does after facts: the home page shows them at the next visit."""

from __future__ import annotations

from datetime import datetime

from desk import front
from kernel.events import Event


def on_shelf_changed(event: Event, *, at: datetime) -> None:
    front.turn()
