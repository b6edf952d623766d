"""The one place that writes the state of a payment, attempt, refund or payout, and keeps the history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from kernel.actor import Actor
from kernel.lifecycle import Lifecycle
from payments.models import Attempt, Authorisation, Award, Dispute, GiftCard, Move, Payment, Payout, Refund

S = TypeVar("S", bound=StrEnum)


def move(
    row: Payment | Attempt | Authorisation | Refund | Payout | Dispute | GiftCard | Award,
    table: Lifecycle[S],
    name: str,
    *,
    actor: Actor,
    at: datetime,
    **changes: object,
) -> None:
    """Take `row` (locked by the caller) through the move `name` of `table`, with `changes` to other fields.

    :raises IllegalMove: when the table doesn't allow it
    """
    before, after = row.state, table.target(row.state, name)
    row.state = after
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=["state", *changes])
    Move.objects.create(
        aggregate=table.name,
        aggregate_id=row.pk,
        name=name,
        from_state=before,
        to_state=after,
        actor=str(actor),
        at=at,
    )
