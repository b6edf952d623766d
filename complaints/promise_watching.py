"""What a case says about the shop's promises: answered in the promised hours, a refusal that fell."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from complaints.events import (
    ComplaintAgreed,
    ComplaintAnswered,
    ComplaintDecided,
    ComplaintOpened,
    ComplaintWithdrawn,
)
from complaints.models import Complaint
from orders import promise_clocks, promise_deadlines, promise_rulings
from orders.models import Order

FOR_THE_BUYER = ("upheld", "partly")


def on_complaint_opened(event: ComplaintOpened, *, at: datetime) -> None:
    """Whoever has an answer promised within hours has a clock for it."""
    case = Complaint.objects.get(pk=event.complaint_id)
    if case.answered_at is None and case.is_running:
        promise_deadlines.start_answer_of_case(
            Order.objects.get(pk=case.order_id),
            reference=case.pk,
            line_id=case.line_id,
            since=case.opened_at,
            at=at,
        )


def on_complaint_answered(event: ComplaintAnswered | ComplaintAgreed, *, at: datetime) -> None:
    """Settling at once is an answer too."""
    case = Complaint.objects.get(pk=event.complaint_id)
    promise_deadlines.end(promise_deadlines.ANSWER, case.pk, at=case.answered_at or case.closed_at or at)
    if (in_time := promise_deadlines.met(promise_deadlines.ANSWER, case.pk)) is not None:
        _judge(case, in_time=in_time, at=at)


def on_complaint_withdrawn(event: ComplaintWithdrawn, *, at: datetime) -> None:
    promise_deadlines.drop(promise_deadlines.ANSWER, event.complaint_id, at=at)


def on_complaint_decided(event: ComplaintDecided, *, at: datetime) -> None:
    case = Complaint.objects.get(pk=event.complaint_id)
    if event.outcome in FOR_THE_BUYER:
        promise_rulings.on_refusal_fell(order_id=case.order_id, line_id=case.line_id, at=at)


def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """A case nobody has answered, or a return, which the room below knows."""
    case = Complaint.objects.filter(pk=reference).first()
    if case is None:
        promise_clocks.on_answer_due(reference=reference, due_at=due_at, at=at)
    else:
        _judge(case, in_time=False, at=at)


def _judge(case: Complaint, *, in_time: bool, at: datetime) -> None:
    promise_clocks.of_case(
        order_id=case.order_id, reference=case.pk, line_id=case.line_id, in_time=in_time, at=at
    )
