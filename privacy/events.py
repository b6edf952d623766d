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


@event("privacy.ConsentGiven")
@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    subject_id: UUID
    purpose: str


@event("privacy.ConsentWithdrawn")
@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """From here on nothing may rest on this consent; what was done before stays lawful."""

    subject_id: UUID
    purpose: str
