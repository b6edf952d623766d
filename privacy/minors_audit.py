"""The yearly figures on minors' data, which the law has audited (cn.minors.audit)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from privacy.models import (
    AccessRecord,
    AgeBand,
    ConsentEvent,
    GuardianLink,
    MinorProfile,
    Request,
    SpendingRequest,
)

RULE = "cn.minors.audit"


@dataclass(frozen=True, slots=True)
class Audit:
    """Counts between two instants; bands, guardians and what waits are as of now. Nobody is named."""

    bands: tuple[tuple[str, int], ...]
    unwatched: int
    guardians: int
    asked_anew: int
    looks: int
    unexpected_looks: int
    requests: int
    refused: int
    consents: int
    spending_asked: int
    spending_agreed: int


def figures(*, since: datetime, until: datetime) -> Audit:
    """One statement per table, however many minors there are."""
    minors = MinorProfile.objects.filter(ended_at=None)
    ids = minors.values("subject_id")
    watched = GuardianLink.objects.filter(accepted_at__isnull=False, ended_at=None)
    told = minors.aggregate(
        **{str(band): Count("subject_id", filter=Q(band=band)) for band in AgeBand},
        asked_anew=Count("subject_id", filter=Q(asked_anew_at__isnull=False)),
        unwatched=Count("subject_id", filter=~Q(subject_id__in=watched.values("minor_id"))),
    )
    looks = AccessRecord.objects.filter(subject_id__in=ids, at__gte=since, at__lt=until).aggregate(
        n=Count("id"), unexpected=Count("id", filter=Q(expected=False))
    )
    asked = Request.objects.filter(subject_id__in=ids, received_at__gte=since, received_at__lt=until)
    requests = asked.aggregate(n=Count("id"), refused=Count("id", filter=Q(state="refused")))
    spending = SpendingRequest.objects.filter(asked_at__gte=since, asked_at__lt=until).aggregate(
        n=Count("id"), agreed=Count("id", filter=Q(agreed=True))
    )
    return Audit(
        bands=tuple((str(band), told[str(band)]) for band in AgeBand),
        unwatched=told["unwatched"],
        guardians=watched.values("guardian_id").distinct().count(),
        asked_anew=told["asked_anew"],
        looks=looks["n"],
        unexpected_looks=looks["unexpected"],
        requests=requests["n"],
        refused=requests["refused"],
        consents=ConsentEvent.objects.filter(subject_id__in=ids, at__gte=since, at__lt=until).count(),
        spending_asked=spending["n"],
        spending_agreed=spending["agreed"],
    )
