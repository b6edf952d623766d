"""What happened to campaigns and to shops' entries: ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@event("orders.CampaignStopped")
@dataclass(frozen=True, slots=True)
class CampaignStopped(Event):
    """Before its time, by the platform."""

    campaign_id: UUID


@dataclass(frozen=True, slots=True)
class EntryFact(Event):
    entry_id: UUID
    merchant_id: UUID


@event("orders.EntryHandedIn")
@dataclass(frozen=True, slots=True)
class EntryHandedIn(EntryFact):
    """The platform answers by `answer_by`."""

    answer_by: datetime


@event("orders.EntryAccepted")
@dataclass(frozen=True, slots=True)
class EntryAccepted(EntryFact):
    """`by_silence`: nobody answered in time, and its conditions still held."""

    by_silence: bool


@event("orders.EntryRefused")
@dataclass(frozen=True, slots=True)
class EntryRefused(EntryFact):
    pass
