"""The door to what the privacy centre shows: one's own only."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import NotFound
from privacy.models import AccessRecord, ConsentEvent, Subject

LOOKS = 300


def receipt_of(subject_id: UUID | None, number: str) -> ConsentEvent:
    """:raises NotFound: also when it is somebody else's"""
    found = ConsentEvent.objects.filter(subject_id=subject_id, number=number).first() if subject_id else None
    if found is None:
        raise NotFound
    return found


def subject(subject_id: UUID) -> Subject:
    """:raises NotFound:"""
    found = Subject.objects.filter(pk=subject_id).first()
    if found is None:
        raise NotFound
    return found


def looks_at(subject_id: UUID) -> QuerySet[AccessRecord]:
    """Who looked at the person's data, the last first."""
    return AccessRecord.objects.filter(subject_id=subject_id).order_by("-at", "-id")


def last_looks(subject_id: UUID) -> dict[str, AccessRecord]:
    """The last look at each kind of record ("orders.order"), among the latest few hundred."""
    found: dict[str, AccessRecord] = {}
    for record in looks_at(subject_id)[:LOOKS]:
        for name in record.fields:
            found.setdefault(".".join(name.lower().split(".")[:2]), record)
    return found
