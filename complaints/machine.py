"""Which steps of a person's cases no human made: for the privacy centre."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from complaints.models import ComplaintMove
from kernel.errors import N_
from privacy.automated import Decided

MOST = 100
MOVES = {
    "open": N_("A complaint was opened for you, because the seller refused and you had not answered"),
    "escalate": N_("The case went to us for a ruling, because a time had run out"),
}


def decided(subject_id: UUID) -> Iterator[Decided]:
    moves = ComplaintMove.objects.filter(
        complaint__subject_id=subject_id, actor="system", name__in=sorted(MOVES)
    ).select_related("complaint")
    for move in moves.order_by("-at")[:MOST]:
        path = reverse("complaints:case", args=[move.complaint.number])
        yield Decided("silence", move.at, move.complaint.number, MOVES[move.name], path)
