"""Whether somebody is a minor, and who watches over them; the ages themselves stand in the law packs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from law import privacy as law_privacy
from law.errors import RoleUnfilled
from privacy.models import AgeBand, GuardianLink, MinorProfile, Subject
from rulebook import current
from web.kept_statements import Kept


def _bands(subject_id: UUID) -> QuerySet[Any, tuple[str]]:
    return MinorProfile.objects.filter(subject_id=subject_id, ended_at=None).values_list("band")


_BANDS = Kept[tuple[str]](_bands)


def band_of(subject_id: UUID) -> AgeBand | None:
    """None for grown-ups and for everybody who never said otherwise."""
    rows = _BANDS.rows(subject_id=subject_id)
    return AgeBand(rows[0][0]) if rows else None


def is_minor(subject_id: UUID) -> bool:
    return band_of(subject_id) is not None


def needs_guardian(subject_id: UUID, *, at: datetime) -> bool:
    """Whether only a guardian can consent under the law of where the person lives.

    No birthday is known: where the age lies inside a band, the whole band counts as below it.
    """
    band = band_of(subject_id)
    return band is not None and band.first_age < consent_age(subject_id, at=at)


def consent_age(subject_id: UUID, *, at: datetime) -> int:
    """Below which age a guardian consents where the person lives; the home market's where no law is known."""
    place = Subject.objects.values_list("place", flat=True).get(pk=subject_id)
    try:
        return law_privacy.consent_age(pack=current.pack(place, at), at=at)
    except (RoleUnfilled, current.PlaceUnknown, current.PackNotInForce):
        return law_privacy.consent_age(pack=current.pack(current.HOME, at), at=at)


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
