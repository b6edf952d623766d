"""What became of the complaints about a shop: counts for everybody, never a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from complaints.models import Complaint, Outcome
from complaints.states import RUNNING, ComplaintState

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Record:
    """Opened in the last twelve months, by what came of them."""

    opened: int
    agreed: int
    upheld: int
    partly: int
    refused: int
    withdrawn: int
    running: int
    unanswered: int


def has_running(merchant_id: UUID) -> bool:
    """Whether a complaint about this shop isn't over."""
    return Complaint.objects.of_merchant(merchant_id).running().exists()


def lost_by_shop(since: datetime, until: datetime) -> dict[UUID, int]:
    """How many were ruled for the buyer, wholly or partly, by shop; shops without any are left out."""
    rows = Complaint.objects.filter(
        state=ComplaintState.DECIDED,
        closed_at__gt=since,
        closed_at__lte=until,
        decision__outcome__in=[Outcome.UPHELD, Outcome.PARTLY],
    )
    counted = rows.order_by().values("merchant_id").annotate(n=Count("id"))
    return {row["merchant_id"]: row["n"] for row in counted}


def of_shop(merchant_id: UUID, *, at: datetime) -> Record:
    """In one statement."""
    opened = Complaint.objects.of_merchant(merchant_id).filter(opened_at__gt=at - YEAR, opened_at__lte=at)
    decided = Q(state=ComplaintState.DECIDED)
    counted = opened.aggregate(
        opened=Count("id"),
        agreed=Count("id", filter=Q(state=ComplaintState.AGREED)),
        upheld=Count("id", filter=decided & Q(decision__outcome=Outcome.UPHELD)),
        partly=Count("id", filter=decided & Q(decision__outcome=Outcome.PARTLY)),
        refused=Count("id", filter=decided & Q(decision__outcome=Outcome.REFUSED)),
        withdrawn=Count("id", filter=Q(state=ComplaintState.WITHDRAWN)),
        running=Count("id", filter=Q(state__in=sorted(RUNNING))),
        unanswered=Count("id", filter=Q(unanswered=True)),
    )
    return Record(**counted)
