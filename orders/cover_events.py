"""What happened to covers and claims on them: ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import event
from orders.events import OrderFact


@dataclass(frozen=True, slots=True)
class CoverFact(OrderFact):
    cover_id: UUID


@event("orders.CoverBegan")
@dataclass(frozen=True, slots=True)
class CoverBegan(CoverFact):
    """The risk began, and the premium went to the insurer."""

    premium_minor: int


@event("orders.CoverGivenBack")
@dataclass(frozen=True, slots=True)
class CoverGivenBack(CoverFact):
    """The line was cancelled before the risk began: the premium goes back in full."""

    premium_minor: int


@event("orders.CoverClaimAsked")
@dataclass(frozen=True, slots=True)
class CoverClaimAsked(CoverFact):
    claim_id: UUID
    answer_by: datetime


@event("orders.CoverClaimAccepted")
@dataclass(frozen=True, slots=True)
class CoverClaimAccepted(CoverFact):
    """`by_silence`: the insurer said nothing in its time, so it pays."""

    claim_id: UUID
    amount_minor: int
    by_silence: bool


@event("orders.CoverClaimPaid")
@dataclass(frozen=True, slots=True)
class CoverClaimPaid(CoverFact):
    claim_id: UUID
    amount_minor: int


@event("orders.CoverClaimRefused")
@dataclass(frozen=True, slots=True)
class CoverClaimRefused(CoverFact):
    claim_id: UUID
    reason: str
