"""The line that every look of a human at somebody's data leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from privacy.models import AccessRecord
from web.idempotency import write_whatever_comes


def record(*, actor: Actor, subject_id: UUID, purpose: str, fields: Sequence[str], at: datetime) -> None:
    """Write that `actor` saw `fields` ("orders.order.recipient") of the subject for `purpose`.

    People who look at their own data leave no line.
    """
    if actor.subject_id == subject_id:
        return
    write_whatever_comes(
        lambda: AccessRecord.objects.create(
            subject_id=subject_id, actor=str(actor), purpose=purpose, fields=list(fields), at=at
        )
    )
