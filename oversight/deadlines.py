"""Which fact of a matter starts which clock; the lengths are policies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from deadlines import booking
from deadlines.models import Deadline
from law.windows import Window
from rulebook import promises

if TYPE_CHECKING:
    from oversight.models import Matter

# The platform's own time, then a senior's, and the shop's between.
DECISION = "oversight.decision"
SENIOR = "oversight.senior"
ANSWER = "oversight.answer"
OURS = (DECISION, SENIOR)


def start_decision(matter: Matter, *, at: datetime) -> Window:
    """Danger to somebody has a shorter one."""
    window = promises.due("oversight.urgent" if matter.urgent else DECISION, start=at, at=at)
    booking.book(kind=DECISION, reference=matter.pk, at=at, **window.as_booking())
    return window


def start_senior(matter: Matter, *, at: datetime) -> None:
    window = promises.due(SENIOR, start=at, at=at)
    booking.book(kind=SENIOR, reference=matter.pk, at=at, **window.as_booking())


def start_answer(matter: Matter, *, at: datetime) -> Window:
    """The shop's turn: ours stands still meanwhile."""
    for kind in OURS:
        booking.pause(kind=kind, reference=matter.pk, at=at)
    window = promises.due(ANSWER, start=at, at=at)
    booking.book(kind=ANSWER, reference=matter.pk, at=at, **window.as_booking())
    return window


def end_answer(matter: Matter, *, met: bool, at: datetime) -> None:
    """Our turn again; what was left of our time runs on."""
    if met:
        booking.meet(kind=ANSWER, reference=matter.pk, at=at)
    for kind in OURS:
        booking.resume(kind=kind, reference=matter.pk, at=at)


def close(matter: Matter, *, at: datetime) -> None:
    for kind in OURS:
        booking.meet(kind=kind, reference=matter.pk, at=at)
    booking.cancel(kind=ANSWER, reference=matter.pk, at=at)


def shown(reference: UUID) -> Deadline | None:
    """The clock that a page shows: the shop's while it runs, else ours."""
    running = {row.kind: row for row in booking.open_for([reference])}
    return next((running[kind] for kind in (ANSWER, *OURS) if kind in running), None)
