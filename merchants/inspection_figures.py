"""What supervision did in a year: counts for everybody, never a shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from merchants.models import Inspection

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the shops planned in the last year. `late`: the platform didn't look in its own time."""

    planned: int
    inspected: int
    clean: int
    rectified: int
    escalated: int
    late: int


def of_year(*, at: datetime) -> Figures:
    """In one statement."""
    rows = Inspection.objects.filter(planned_at__gt=at - YEAR, planned_at__lte=at)
    counted = rows.aggregate(
        planned=Count("id"),
        inspected=Count("id", filter=Q(inspected_at__isnull=False)),
        clean=Count("id", filter=Q(state="clean")),
        rectified=Count("id", filter=Q(state="rectified")),
        escalated=Count("id", filter=Q(state="escalated")),
        late=Count("id", filter=Q(with_senior=True)),
    )
    return Figures(**counted)
