"""Queueing a commitment in the transaction of the fact itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from evidence.models import Leaf


def queue(*, label: str, reference: UUID, commitment: bytes, at: datetime) -> Leaf:
    """Put a ready commitment (32 bytes, made by `privacy.commitments`) in the log's queue.

    :raises RuntimeError: outside a transaction, where the fact and its proof could part
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{label} must be queued inside a transaction")
    return Leaf.objects.create(label=label, reference=reference, commitment=commitment, queued_at=at)
