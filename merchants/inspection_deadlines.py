"""The clocks of supervision: ours to look, the shop's to put right, ours to look again."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from deadlines.models import Deadline
from merchants.models import Inspection
from rulebook import promises

DUE = "merchants.inspection_due"
RECTIFY = "merchants.inspection_rectify"
REVIEW = "merchants.inspection_review"


def start_inspection(inspection: Inspection, *, at: datetime) -> None:
    """The platform's time to look."""
    _start(DUE, "silence.inspection_due", inspection, at)


def start_rectifying(inspection: Inspection, *, at: datetime) -> None:
    """It was looked at; the shop's time to put right what was found."""
    booking.meet(kind=DUE, reference=inspection.pk, at=at)
    _start(RECTIFY, "silence.inspection_rectify", inspection, at)


def start_review(inspection: Inspection, *, at: datetime) -> None:
    """The shop has answered, or its time is over; the platform's time to look again."""
    booking.meet(kind=RECTIFY, reference=inspection.pk, at=at)
    _start(REVIEW, "silence.inspection_review", inspection, at)


def end(inspection: Inspection, *, at: datetime) -> None:
    for kind in (DUE, RECTIFY, REVIEW):
        booking.meet(kind=kind, reference=inspection.pk, at=at)


def clock_of(inspection: Inspection) -> Deadline | None:
    """The one that runs."""
    running = {each.kind: each for each in booking.open_for([inspection.pk])}
    return next((running[kind] for kind in (RECTIFY, REVIEW, DUE) if kind in running), None)


def _start(kind: str, name: str, inspection: Inspection, at: datetime) -> None:
    window = promises.due(name, start=at, at=at)
    booking.book(kind=kind, reference=inspection.pk, at=at, **window.as_booking())
