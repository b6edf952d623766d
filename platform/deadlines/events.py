"""What the sweep reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@event("deadlines.DeadlineFired")
@dataclass(frozen=True, slots=True)
class DeadlineFired(Event):
    deadline_id: UUID
    kind: str
    reference: UUID
    due_at: datetime


@event("deadlines.DeadlineNear")
@dataclass(frozen=True, slots=True)
class DeadlineNear(Event):
    """Time for a letter: `threshold` is "first" or "second", each told once."""

    deadline_id: UUID
    kind: str
    reference: UUID
    due_at: datetime
    threshold: str


@event("deadlines.DeadlineMoved")
@dataclass(frozen=True, slots=True)
class DeadlineMoved(Event):
    """Extended, recounted or resumed: whoever keeps a copy of the instant follows."""

    deadline_id: UUID
    kind: str
    reference: UUID
    due_from: datetime
    due_to: datetime
