"""The only code that writes `Penalty.state`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.models import Penalty
from merchants.moving import leaf
from merchants.penalty_lifecycle import PENALTY


def locked(penalty_id: UUID) -> Penalty:
    """:raises NotFound:"""
    found = Penalty.objects.select_for_update(of=("self",), no_key=True).select_related("merchant")
    row = found.filter(pk=penalty_id).first()
    if row is None:
        raise NotFound
    return row


def move(penalty: Penalty, name: str, *, actor: Actor, at: datetime, **changes: object) -> None:
    """Make a move on a locked penalty and queue its evidence leaf.

    :raises IllegalMove:
    """
    penalty.state = str(PENALTY.target(penalty.state, name))
    for field, value in changes.items():
        setattr(penalty, field, value)
    penalty.save(update_fields=["state", *changes])
    told = {"penalty": str(penalty.pk), "to": penalty.state, "actor": str(actor), "why": penalty.why_ended}
    leaf(penalty.merchant, f"penalty_{name}", dict(told), at)
