"""Which fact of a case starts which clock; lengths come from the silence table of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from complaints.states import ComplaintState
from deadlines import booking
from deadlines.models import Deadline
from law.windows import Window
from rulebook import promises

if TYPE_CHECKING:
    from complaints.models import Complaint

ANSWER = "complaints.answer"
OFFER = "complaints.offer"
DECISION_TARGET = "complaints.decision_target"
DECISION = "complaints.decision"

# The clock that the case page shows, by state of urgency.
SHOWN = (ANSWER, OFFER, DECISION)


def answer_window(*, at: datetime, place: str = "CN") -> Window:
    return promises.due("silence.complaint_answer", start=at, at=at, place=place)


def start_answer(complaint: Complaint, *, place: str, at: datetime) -> datetime:
    """The merchant's time to answer; gives the first instant that is too late."""
    window = answer_window(at=at, place=place)
    booking.book(kind=ANSWER, reference=complaint.pk, at=at, **window.as_booking())
    return window.due_at


def end_answer(complaint: Complaint, *, at: datetime) -> None:
    booking.meet(kind=ANSWER, reference=complaint.pk, at=at)


def require_answer_in_time(complaint: Complaint, *, at: datetime) -> None:
    """Once it was answered or referred, agreeing is never too late.

    :raises TooLate: at or after the instant, even if no sweep has passed yet
    """
    if complaint.state == ComplaintState.OPEN:
        booking.require_in_time(kind=ANSWER, reference=complaint.pk, at=at)


def start_turn_of_buyer(complaint: Complaint, *, at: datetime) -> None:
    """An answer or a new offer gives the buyer their time to think; an earlier one ends.

    Never beyond the whole negotiation's end: no row of answers keeps a silent buyer's case from the ruling.
    """
    booking.cancel(kind=OFFER, reference=complaint.pk, at=at)
    window = promises.due("silence.negotiation_offer", start=at, at=at, owner="buyer")
    began = complaint.answered_at or at
    whole = promises.due("silence.negotiation", start=began, at=at, owner="buyer")
    window = min(window, whole, key=lambda one: one.due_at)
    booking.book(kind=OFFER, reference=complaint.pk, at=at, **window.as_booking())


def start_decision(complaint: Complaint, *, at: datetime) -> None:
    """From here the platform's own clocks run: the target and the limit."""
    booking.cancel(kind=ANSWER, reference=complaint.pk, at=at)
    booking.cancel(kind=OFFER, reference=complaint.pk, at=at)
    for kind, name in ((DECISION_TARGET, "silence.decision_target"), (DECISION, "silence.decision")):
        window = promises.due(name, start=at, at=at)
        booking.book(kind=kind, reference=complaint.pk, at=at, **window.as_booking())


def end_all(complaint: Complaint, *, at: datetime) -> None:
    """The case is over: the clocks that ran were met."""
    for kind in (ANSWER, OFFER, DECISION_TARGET, DECISION):
        booking.meet(kind=kind, reference=complaint.pk, at=at)


def referable_from(complaint: Complaint) -> datetime:
    """From when the buyer may ask for a ruling although the shop hasn't answered."""
    start = complaint.opened_at
    return promises.due("silence.negotiation_offer", start=start, at=start, owner="buyer").due_at


def shown(complaint: Complaint) -> Deadline | None:
    """The running clock that matters to people now."""
    return shown_of([complaint]).get(complaint.pk)


def shown_of(complaints: Iterable[Complaint]) -> dict[UUID, Deadline]:
    """The same for all cases of a list, in one query."""
    running = booking.open_for(one.pk for one in complaints if one.is_running)
    ranked = sorted((one for one in running if one.kind in SHOWN), key=lambda one: SHOWN.index(one.kind))
    return {one.reference: one for one in reversed(ranked)}
