"""Making a move: the only code that writes the state of a cover or of a claim on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.events import Event
from orders.cover_states import COVER, COVER_CLAIM, ENDED_CLAIM_STATES
from orders.lifecycle import prove
from orders.models import CoverClaim, Order, OrderCover
from outbox import bus


def ids(cover: OrderCover, order: Order) -> tuple[UUID, UUID, UUID, UUID]:
    """What every fact of a cover begins with."""
    return order.pk, order.merchant_id, order.subject_id, cover.pk


def move(
    cover: OrderCover, name: str, order: Order, *, at: datetime, fact: Event | None = None, **changes: Any
) -> None:
    """Make a move of a cover whose order is locked. :raises IllegalMove: nothing has been written then"""
    before, cover.state = cover.state, COVER.target(cover.state, name)
    for field, value in changes.items():
        setattr(cover, field, value)
    cover.save(update_fields=["state", *changes])
    said = {"cover": cover.number, "from": str(before), "to": str(cover.state)}
    prove(order, f"orders.cover.{name}", {**said, "premium_minor": cover.premium_minor}, at=at)
    if fact is not None:
        bus.publish(fact, at=at)


def move_claim(
    claim: CoverClaim, name: str, order: Order, *, at: datetime, fact: Event | None = None, **changes: Any
) -> None:
    """Make a move of a claim whose order is locked. :raises IllegalMove: nothing has been written then"""
    before, after = claim.state, COVER_CLAIM.target(claim.state, name)
    claim.state = after
    changes["ended_at"] = at if after in ENDED_CLAIM_STATES else None
    for field, value in changes.items():
        setattr(claim, field, value)
    claim.save(update_fields=["state", *changes])
    said = {"claim": claim.number, "from": str(before), "to": str(after), "by_silence": claim.by_silence}
    sums = {"goods_minor": claim.goods_minor, "beside_minor": claim.beside_minor}
    prove(order, f"orders.cover_claim.{name}", {**said, **sums}, at=at)
    if fact is not None:
        bus.publish(fact, at=at)
