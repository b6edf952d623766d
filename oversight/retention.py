"""How long what people told lies here: while their matter runs and a while after, then it is forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from oversight.models import Matter, Report


def busy(*, since: datetime) -> Exists:
    """For a query over subjects: a report of theirs waits, or was answered after `since`."""
    waits = Q(matter__in=Matter.objects.running()) | Q(matter__decided_at__gte=since)
    return Exists(Report.objects.filter(waits, subject_id=OuterRef("pk")))
