"""To the platform's decision: asked for, or because somebody kept silent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import deadlines, proposing
from complaints.events import AnswerOverdue, ComplaintEscalated, DecisionOverdue
from complaints.lifecycle import ComplaintState, move
from complaints.models import Complaint
from kernel.actor import Actor
from outbox import bus


def refer(complaint: Complaint, *, cause: str, actor: Actor, at: datetime) -> None:
    """Give a locked case to the platform; its own clocks start."""
    unanswered = complaint.answered_at is None
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    move(
        complaint,
        "escalate",
        actor=actor,
        at=at,
        fact=ComplaintEscalated(*parts, cause, unanswered),
        proof={"cause": cause, "unanswered": unanswered},
        unanswered=unanswered,
    )
    if complaint.offer_id is not None:
        proposing.clear(complaint)
    deadlines.start_decision(complaint, at=at)


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The merchant kept silent: the case goes to the decision on the buyer's evidence."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state != ComplaintState.OPEN:
        return
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    bus.publish(AnswerOverdue(*parts, due_at), at=at)
    refer(complaint, cause="merchant_silent", actor=Actor.system(), at=at)


@transaction.atomic
def on_offer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The buyer kept silent on an answer: the platform decides, so silence costs nothing."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state != ComplaintState.ANSWERED:
        return
    refer(complaint, cause="buyer_silent", actor=Actor.system(), at=at)


@transaction.atomic
def on_counter_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The shop kept silent on what the buyer asked for instead: the platform decides."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state != ComplaintState.COUNTERED:
        return
    refer(complaint, cause="merchant_silent_on_counter", actor=Actor.system(), at=at)


@transaction.atomic
def on_decision_target_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The target passed; only the limit has an outcome, so nothing changes but the deadline's own row."""
    Complaint.objects.locked(reference)


@transaction.atomic
def on_decision_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The platform was too slow: a senior takes over, and the public figures say so."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state != ComplaintState.DECIDING:
        return
    complaint.with_senior = True
    complaint.save(update_fields=["with_senior"])
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    bus.publish(DecisionOverdue(*parts, due_at), at=at)
