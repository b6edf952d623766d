"""Making a move: the only code that writes the state of a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from complaints.states import COMPLAINT, RUNNING, ComplaintState, Seat
from evidence import log
from kernel.actor import Actor
from kernel.events import Event
from outbox import bus
from privacy import commitments

if TYPE_CHECKING:
    from complaints.models import Complaint

__all__ = ["COMPLAINT", "RUNNING", "ComplaintState", "Seat", "begin", "move", "named_by", "prove"]


def begin(complaint: Complaint, *, actor: Actor, at: datetime, fact: Event, proof: dict[str, Any]) -> None:
    """Record the first move of a complaint that was just written."""
    complaint.moves.create(name="open", from_state="", to_state=complaint.state, actor=str(actor), at=at)
    prove(complaint, "open", proof, at=at)
    bus.publish(fact, at=at)


def move(
    complaint: Complaint,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    fact: Event,
    proof: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Make a move of a locked complaint and record it: history, evidence leaf, event.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = complaint.state, COMPLAINT.target(complaint.state, name)
    complaint.state = after
    if after not in RUNNING:
        changes["closed_at"] = at
    for field, value in changes.items():
        setattr(complaint, field, value)
    complaint.save(update_fields=["state", *changes])
    complaint.moves.create(name=name, from_state=before, to_state=after, actor=str(actor), at=at)
    prove(complaint, name, {"from": str(before), "to": str(after), **(proof or {})}, at=at)
    bus.publish(fact, at=at)


def prove(complaint: Complaint, name: str, payload: dict[str, Any], *, at: datetime) -> None:
    """Queue the commitment to a fact of this case in the caller's transaction."""
    label = f"complaints.complaint.{name}"
    commitment = commitments.commit(
        subject_id=complaint.subject_id,
        label=label,
        reference=complaint.pk,
        payload={"complaint": complaint.number, "at": at.isoformat(), **payload},
    )
    log.queue(label=label, reference=complaint.pk, commitment=commitment, at=at)


def named_by(complaint: Complaint) -> tuple[UUID, UUID, UUID, UUID]:
    """The ids with which every event of a case begins: case, order, shop, buyer."""
    return complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id
