"""Queueing a commitment in the transaction of the fact itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from evidence.models import Leaf
from web.kept_inserts import insert


def queue(*, label: str, reference: UUID, commitment: bytes, at: datetime) -> Leaf:
    """Put a ready commitment (32 bytes, made by `privacy.commitments`) in the log's queue.

    :raises RuntimeError: outside a transaction, where the fact and its proof could part
    """
    _require_transaction(label)
    return Leaf.objects.create(label=label, reference=reference, commitment=commitment, queued_at=at)


def queue_all(*, label: str, commitments: Mapping[UUID, bytes], at: datetime) -> list[Leaf]:
    """Like `queue` for one kind of fact about several references, in one statement.

    :raises RuntimeError: outside a transaction
    """
    _require_transaction(label)
    return insert(
        Leaf(label=label, reference=reference, commitment=commitment, queued_at=at)
        for reference, commitment in commitments.items()
    )


def _require_transaction(label: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{label} must be queued inside a transaction")
