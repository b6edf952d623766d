"""Whether somebody is a minor, and who watches over them; the ages themselves stand in the law packs."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from privacy.models import AgeBand, GuardianLink, MinorProfile

YOUNG = frozenset({AgeBand.UNDER_8, AgeBand.FROM_8_TO_13})


def band_of(subject_id: UUID) -> AgeBand | None:
    """None for grown-ups and for everybody who never said otherwise."""
    found = MinorProfile.objects.filter(subject_id=subject_id, ended_at=None).values_list("band", flat=True)
    band = found.first()
    return AgeBand(band) if band else None


def is_minor(subject_id: UUID) -> bool:
    return band_of(subject_id) is not None


def needs_guardian(subject_id: UUID) -> bool:
    """Whether only a guardian can consent: all data of a child is sensitive (cn.privacy.sensitive)."""
    return band_of(subject_id) in YOUNG


def watches_over(*, guardian_id: UUID | None, minor_id: UUID) -> bool:
    """Whether the guardian's link to this minor stands."""
    if guardian_id is None:
        return False
    return standing().filter(guardian_id=guardian_id, minor_id=minor_id).exists()


def guardians_of(minor_id: UUID) -> list[GuardianLink]:
    return list(standing().filter(minor_id=minor_id).order_by("accepted_at"))


def children_of(guardian_id: UUID) -> list[GuardianLink]:
    return list(standing().filter(guardian_id=guardian_id).order_by("accepted_at"))


def standing() -> QuerySet[GuardianLink]:
    """Links that were accepted and not ended."""
    return GuardianLink.objects.filter(accepted_at__isnull=False, ended_at=None)
