"""The door to what the privacy centre shows: one's own only."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import NotFound
from privacy.models import ConsentEvent, MinorProfile, Subject


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


def minor_profile(subject_id: UUID) -> MinorProfile | None:
    """The person's own age band, while it counts."""
    return MinorProfile.objects.filter(subject_id=subject_id, ended_at=None).first()
