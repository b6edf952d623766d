"""The reader's side of a letter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from notifications import access
from notifications.models import Letter


@transaction.atomic
def mark_read(*, letter_id: UUID, actor: Actor, at: datetime) -> None:
    """:raises NotFound: also when it is somebody else's letter"""
    letter = access.letter_of(actor, letter_id)
    Letter.objects.unread().filter(pk=letter.pk).update(read_at=at)


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """How many were unread."""
    return access.inbox_of(actor).unread().update(read_at=at)
