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
