"""What happened to matters and notices: ids for those above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@dataclass(frozen=True, slots=True)
class _OfMatter(Event):
    matter_id: UUID


@event("oversight.MatterOpened")
@dataclass(frozen=True, slots=True)
class MatterOpened(_OfMatter):
    kind: str


@event("oversight.ReportReceived")
@dataclass(frozen=True, slots=True)
class ReportReceived(_OfMatter):
    report_id: UUID


@event("oversight.ShopAsked")
@dataclass(frozen=True, slots=True)
class ShopAsked(_OfMatter):
    merchant_id: UUID


@event("oversight.ShopAnswered")
@dataclass(frozen=True, slots=True)
class ShopAnswered(_OfMatter):
    merchant_id: UUID
    silent: bool


@event("oversight.MatterOverdue")
@dataclass(frozen=True, slots=True)
class MatterOverdue(_OfMatter):
    pass


@event("oversight.MatterClosed")
@dataclass(frozen=True, slots=True)
class MatterClosed(_OfMatter):
    outcome: str
