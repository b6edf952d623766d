"""Making a move: the only code that writes the state of an order or a return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evidence import log
from kernel.actor import Actor
from kernel.events import Event
from orders.cover_states import COVER, COVER_CLAIM
from orders.states import (
    CLAIM,
    ENDED_CLAIM_STATES,
    ENDED_STATES,
    ORDER,
    RETURN,
    ClaimState,
    OrderState,
    ReturnState,
)
from outbox import bus
from privacy import commitments

if TYPE_CHECKING:
    from orders.models import FaultClaim, Order, Return

__all__ = [
    "CLAIM",
    "COVER",
    "COVER_CLAIM",
    "ORDER",
    "RETURN",
    "ClaimState",
    "OrderState",
    "ReturnState",
    "move",
    "move_claim",
    "move_return",
    "prove",
    "prove_all",
]


def move(
    order: Order,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    fact: Event,
    proof: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Make a move of a locked order and record it: history, evidence leaf, event.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = order.state, ORDER.target(order.state, name)
    order.state = after
    changes["closed_at"] = at if after in ENDED_STATES else None
    for field, value in changes.items():
        setattr(order, field, value)
    order.save(update_fields=["state", *changes])
    order.moves.create(name=name, from_state=before, to_state=after, actor=str(actor), at=at)
    prove(order, f"orders.order.{name}", {"from": str(before), "to": str(after), **(proof or {})}, at=at)
    bus.publish(fact, at=at)


def move_return(
    returning: Return,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    fact: Event,
    proof: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Make a move of a return whose order is locked.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = returning.state, RETURN.target(returning.state, name)
    returning.state = after
    for field, value in changes.items():
        setattr(returning, field, value)
    returning.save(update_fields=["state", *changes])
    returning.moves.create(name=name, from_state=before, to_state=after, actor=str(actor), at=at)
    prove(
        returning.order,
        f"orders.return.{name}",
        {"return": str(returning.pk), "from": str(before), "to": str(after), **(proof or {})},
        at=at,
    )
    bus.publish(fact, at=at)


def move_claim(
    claim: FaultClaim,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    fact: Event,
    proof: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Make a move of a claim whose order is locked.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = claim.state, CLAIM.target(claim.state, name)
    claim.state = after
    changes["ended_at"] = at if after in ENDED_CLAIM_STATES else None
    for field, value in changes.items():
        setattr(claim, field, value)
    claim.save(update_fields=["state", *changes])
    claim.moves.create(name=name, from_state=before, to_state=after, actor=str(actor), at=at)
    said = {"claim": str(claim.pk), "from": str(before), "to": str(after), **(proof or {})}
    prove(claim.order, f"orders.claim.{name}", said, at=at)
    bus.publish(fact, at=at)


def prove(order: Order, label: str, payload: dict[str, Any], *, at: datetime) -> None:
    """Queue the commitment to a fact of this order in the caller's transaction."""
    log.queue(label=label, reference=order.pk, commitment=_commitment(order, label, payload, at=at), at=at)


def prove_all(label: str, payloads: Mapping[Order, dict[str, Any]], *, at: datetime) -> None:
    """Like `prove` for several new orders, in one statement."""
    found = {order.pk: _commitment(order, label, payload, at=at) for order, payload in payloads.items()}
    log.queue_all(label=label, commitments=found, at=at)


def _commitment(order: Order, label: str, payload: dict[str, Any], *, at: datetime) -> bytes:
    return commitments.commit(
        subject_id=order.subject_id,
        label=label,
        reference=order.pk,
        payload={"order": order.number, "at": at.isoformat(), **payload},
    )
