"""Making a move: the only code that writes the state of a matter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from evidence import log
from kernel.actor import Actor
from kernel.events import Event
from outbox import bus
from oversight.states import MATTER, RUNNING
from privacy import commitments

if TYPE_CHECKING:
    from oversight.models import Matter


def begin(matter: Matter, *, at: datetime, fact: Event) -> None:
    """Record the first move of a matter that was just written; by whom stands with the report alone."""
    matter.moves.create(name="open", from_state="", to_state=matter.state, actor="anonymous", at=at)
    bus.publish(fact, at=at)


def move(
    matter: Matter, name: str, *, actor: Actor, at: datetime, fact: Event | None = None, **changes: Any
) -> None:
    """Make a move of a locked matter and record it: history, evidence leaf, event.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = matter.state, MATTER.target(matter.state, name)
    matter.state = after
    if after not in RUNNING:
        changes["decided_at"] = at
    for field, value in changes.items():
        setattr(matter, field, value)
    matter.save(update_fields=["state", *changes])
    matter.moves.create(name=name, from_state=before, to_state=after, actor=str(actor), at=at)
    prove(matter, name, {"from": str(before), "to": str(after)}, at=at)
    if fact is not None:
        bus.publish(fact, at=at)


def prove(matter: Matter, name: str, payload: dict[str, Any], *, at: datetime) -> None:
    """Queue the commitment to a fact of this matter, salted from the shop's key where a shop is meant."""
    if matter.merchant is None:
        return
    label = f"oversight.matter.{name}"
    sealed = commitments.commit(
        subject_id=matter.merchant.subject_id,
        label=label,
        reference=matter.pk,
        payload={"matter": matter.number, "at": at.isoformat(), **payload},
    )
    log.queue(label=label, reference=matter.pk, commitment=sealed, at=at)
