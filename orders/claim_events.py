"""What happened to goods that are to be repaired or exchanged: ids and numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import event
from orders.events import OrderFact


@dataclass(frozen=True, slots=True)
class ClaimFact(OrderFact):
    claim_id: UUID


@event("orders.ClaimAsked")
@dataclass(frozen=True, slots=True)
class ClaimAsked(ClaimFact):
    """`remedy` is repair or exchange."""

    remedy: str


@event("orders.ClaimAccepted")
@dataclass(frozen=True, slots=True)
class ClaimAccepted(ClaimFact):
    """`by_silence`: the merchant said nothing in its time."""

    by_silence: bool
    post_by: datetime


@event("orders.ClaimPosted")
@dataclass(frozen=True, slots=True)
class ClaimPosted(ClaimFact):
    shipment_id: UUID


@event("orders.ClaimReceived")
@dataclass(frozen=True, slots=True)
class ClaimReceived(ClaimFact):
    inspect_by: datetime


@event("orders.ClaimTakenOn")
@dataclass(frozen=True, slots=True)
class ClaimTakenOn(ClaimFact):
    """The goods are being repaired, or their replacement is set aside; `due_at` ends the merchant's time."""

    remedy: str
    by_silence: bool
    due_at: datetime


@event("orders.RepairOverdue")
@dataclass(frozen=True, slots=True)
class RepairOverdue(ClaimFact):
    """From here on the buyer may have other goods instead; `limit_at` is when that happens by itself."""

    limit_at: datetime


@event("orders.RepairTurned")
@dataclass(frozen=True, slots=True)
class RepairTurned(ClaimFact):
    """A repair has become an exchange, by the buyer's word or by the last day."""

    due_at: datetime


@event("orders.ClaimSent")
@dataclass(frozen=True, slots=True)
class ClaimSent(ClaimFact):
    shipment_id: UUID


@event("orders.ClaimArrived")
@dataclass(frozen=True, slots=True)
class ClaimArrived(ClaimFact):
    confirm_by: datetime


@event("orders.ClaimDone")
@dataclass(frozen=True, slots=True)
class ClaimDone(ClaimFact):
    remedy: str
    by_silence: bool


@event("orders.ClaimRefunded")
@dataclass(frozen=True, slots=True)
class ClaimRefunded(ClaimFact):
    """`cause`: out_of_stock, never_sent, parcel_lost or merchant."""

    amount_minor: int
    cause: str


@event("orders.ClaimRefused")
@dataclass(frozen=True, slots=True)
class ClaimRefused(ClaimFact):
    object_by: datetime


@event("orders.ClaimRefusalUnanswered")
@dataclass(frozen=True, slots=True)
class ClaimRefusalUnanswered(ClaimFact):
    """Nobody objected or gave up in time: the refusal becomes a complaint by itself."""


@event("orders.ClaimClosed")
@dataclass(frozen=True, slots=True)
class ClaimClosed(ClaimFact):
    """`cause`: not_posted, never_scanned, withdrawn, complaint or order_over."""

    cause: str
