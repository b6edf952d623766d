"""Facts about files and subjects."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@event("privacy.FileReceived")
@dataclass(frozen=True, slots=True)
class FileReceived(Event):
    file_id: UUID
    purpose: str
