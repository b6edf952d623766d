"""What came out of cases like this one: real counts, and nothing said below ten of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q

from complaints.models import Complaint
from complaints.states import ComplaintState

ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Similar:
    """Closed cases of the same category: how many, and in what share all that was asked was paid."""

    count: int
    full: int

    @property
    def percent(self) -> int:
        return self.full * 100 // self.count


def similar_results(complaint: Complaint) -> Similar | None:
    """Counts over all shops; None while there are fewer than ten such cases."""
    ended = Complaint.objects.filter(
        category=complaint.category, state__in=[ComplaintState.AGREED, ComplaintState.DECIDED]
    )
    counts = ended.aggregate(count=Count("id"), full=Count("id", filter=Q(granted_minor=F("claimed_minor"))))
    return Similar(**counts) if counts["count"] >= ENOUGH else None
