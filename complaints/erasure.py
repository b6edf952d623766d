"""What keeps a buyer from being erased for now: cases that are not decided."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from complaints.models import Complaint
from kernel.errors import N_
from privacy.obstacles import Obstacle

SHOWN = 20
CASE_OPEN = N_("Case %(number)s is not decided yet. Wait for the decision, agree, or withdraw it.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    found = Complaint.objects.running().of_buyer(subject_id).order_by("opened_at", "id")[:SHOWN]
    return [
        Obstacle(
            "case_open", CASE_OPEN, {"number": one.number}, reverse("complaints:case", args=[one.number])
        )
        for one in found
    ]
