"""What follows when a request's clock runs out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from privacy import (
    assessments,
    breach_clocks,
    breaches,
    deadlines,
    erasure,
    guardian_proofs,
    lifecycle,
    minors,
    subjects,
)
from privacy.events import RequestOverdue
from privacy.models import Request


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The time for the answer is over: the request goes to a senior and into the public figures."""
    request = Request.objects.locked(reference)
    if request.is_running and request.overdue_at is None and subjects.lives(request.subject_id):
        fact = RequestOverdue(request.pk, request.subject_id, request.kind, due_at)
        lifecycle.note(request, "overdue", actor=Actor.system(), at=at, fact=fact, overdue_at=due_at)


def on_cooling_off_over(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The time to think is over: the person is erased, or learns what is still open."""
    erasure.carry_out(request_id=reference, at=at)


# Deadline kind → what happens at its instant.
OUTCOMES = {
    deadlines.ANSWER: on_answer_due,
    deadlines.COOLING_OFF: on_cooling_off_over,
    deadlines.PROOF_DECISION: guardian_proofs.on_decision_due,
    minors.AGE_BORDER: minors.on_age_border,
    breach_clocks.KIND: breaches.on_clock_over,
    assessments.REVIEW: assessments.on_review_due,
}
