"""Which fact of a case starts which clock; lengths come from the silence table of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from complaints.states import ComplaintState
from deadlines import booking
from deadlines.models import Deadline
from law.counting import Length, Unit
from law.windows import Window
from rulebook import promises

if TYPE_CHECKING:
    from complaints.models import Complaint

ANSWER = "complaints.answer"
OFFER = "complaints.offer"
COUNTER = "complaints.counter"
PERFORMANCE = "complaints.performance"
CHECK = "complaints.check"
DECISION_TARGET = "complaints.decision_target"
DECISION = "complaints.decision"

# The clock that the case page shows, by state of urgency.
SHOWN = (ANSWER, OFFER, COUNTER, PERFORMANCE, CHECK, DECISION)
# Both turns of a negotiation: one of them runs.
_TURNS = (OFFER, COUNTER)


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
    """An answer or a new offer gives the buyer their time to think; an earlier turn ends."""
    _start_turn(complaint, OFFER, owner="buyer", at=at)


def start_turn_of_shop(complaint: Complaint, *, at: datetime) -> None:
    """What the buyer asks for instead gives the shop its time; an earlier turn ends."""
    _start_turn(complaint, COUNTER, owner="merchant", at=at)


def _start_turn(complaint: Complaint, kind: str, *, owner: str, at: datetime) -> None:
    """Never beyond the whole negotiation's end: no row of offers keeps a case from the ruling."""
    end_turns(complaint, at=at)
    window = promises.due("silence.negotiation_offer", start=at, at=at, owner=owner)
    began = complaint.answered_at or at
    whole = promises.due("silence.negotiation", start=began, at=at, owner=owner)
    window = min(window, whole, key=lambda one: one.due_at)
    booking.book(kind=kind, reference=complaint.pk, at=at, **window.as_booking())


def end_turns(complaint: Complaint, *, at: datetime) -> None:
    for kind in _TURNS:
        booking.cancel(kind=kind, reference=complaint.pk, at=at)


def require_turn_in_time(complaint: Complaint, *, at: datetime) -> None:
    """:raises TooLate: at or after the instant of the running turn, even if no sweep has passed yet"""
    for kind in _TURNS:
        booking.require_in_time(kind=kind, reference=complaint.pk, at=at)


def start_performance(complaint: Complaint, *, days: int, at: datetime) -> datetime:
    """The shop's time to do what it has undertaken; gives the first instant that is too late."""
    booking.cancel(kind=ANSWER, reference=complaint.pk, at=at)
    end_turns(complaint, at=at)
    window = promises.due("silence.remedy", start=at, at=at, length=Length(days, Unit.DAYS))
    booking.book(kind=PERFORMANCE, reference=complaint.pk, at=at, **window.as_booking())
    return window.due_at


def usual_performance_days(at: datetime) -> int:
    """How long a shop has where nothing else was offered."""
    return promises.length("silence.remedy", at=at).n


def require_performance_in_time(complaint: Complaint, *, at: datetime) -> None:
    """:raises TooLate: at or after the instant, even if no sweep has passed yet"""
    booking.require_in_time(kind=PERFORMANCE, reference=complaint.pk, at=at)


def start_check(complaint: Complaint, *, at: datetime) -> datetime:
    """The shop says that it is done: the buyer's time to look."""
    booking.meet(kind=PERFORMANCE, reference=complaint.pk, at=at)
    window = promises.due("silence.remedy_check", start=at, at=at)
    booking.book(kind=CHECK, reference=complaint.pk, at=at, **window.as_booking())
    return window.due_at


def start_decision(complaint: Complaint, *, at: datetime) -> None:
    """From here the platform's own clocks run: the target and the limit."""
    for kind in (ANSWER, *_TURNS, CHECK):
        booking.cancel(kind=kind, reference=complaint.pk, at=at)
    for kind, name in ((DECISION_TARGET, "silence.decision_target"), (DECISION, "silence.decision")):
        window = promises.due(name, start=at, at=at)
        booking.book(kind=kind, reference=complaint.pk, at=at, **window.as_booking())


def end_all(complaint: Complaint, *, at: datetime) -> None:
    """The case is over: the clocks that ran were met."""
    for kind in (ANSWER, *_TURNS, PERFORMANCE, CHECK, DECISION_TARGET, DECISION):
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
