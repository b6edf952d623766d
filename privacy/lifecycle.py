"""Making a move: the only code that writes the state of a request."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from evidence import log
from kernel.actor import Actor
from kernel.events import Event
from outbox import bus
from privacy import commitments
from privacy.states import REQUEST, RUNNING

if TYPE_CHECKING:
    from privacy.models import Request


def begin(request: Request, *, actor: Actor, at: datetime, fact: Event) -> None:
    """Record the receipt of a request that was just written."""
    _record(request, "receive", "", actor=actor, at=at)
    bus.publish(fact, at=at)


def move(request: Request, name: str, *, actor: Actor, at: datetime, fact: Event, **changes: Any) -> None:
    """Make a move of a locked request and record it: trail, evidence leaf, event.

    :raises IllegalMove: when the table doesn't allow it; nothing has been written then
    """
    before, after = request.state, REQUEST.target(request.state, name)
    request.state = after
    if after not in RUNNING:
        changes["closed_at"] = at
    for field, value in changes.items():
        setattr(request, field, value)
    request.save(update_fields=["state", *changes])
    _record(request, name, before, actor=actor, at=at)
    bus.publish(fact, at=at)


def note(
    request: Request, name: str, *, actor: Actor, at: datetime, fact: Event | None, **changes: Any
) -> None:
    """Record something that leaves the state as it is (more time, an overdue answer)."""
    for field, value in changes.items():
        setattr(request, field, value)
    if changes:
        request.save(update_fields=list(changes))
    _record(request, name, request.state, actor=actor, at=at)
    if fact is not None:
        bus.publish(fact, at=at)


def _record(request: Request, name: str, before: str, *, actor: Actor, at: datetime) -> None:
    request.moves.create(name=name, from_state=before, to_state=request.state, actor=str(actor), at=at)
    label = f"privacy.request.{name}"
    payload = {
        "request": request.number,
        "kind": request.kind,
        "from": before,
        "to": str(request.state),
        "at": at.isoformat(),
    }
    commitment = commitments.commit(
        subject_id=request.subject_id, label=label, reference=request.pk, payload=payload
    )
    log.queue(label=label, reference=request.pk, commitment=commitment, at=at)
