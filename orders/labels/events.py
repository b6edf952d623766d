"""What happened to a carrier's visits: ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import event
from orders.events import OrderFact


@event("orders.CollectionMissed")
@dataclass(frozen=True, slots=True)
class CollectionMissed(OrderFact):
    """Nobody came to fetch the goods; the buyer's days to post began anew."""

    collection_id: UUID
