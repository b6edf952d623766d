"""The life of an inspection, and why a shop is looked at."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class InspectionState(StrEnum):
    PLANNED = "planned"
    CLEAN = "clean"
    OPEN = "open"
    ANSWERED = "answered"
    SILENT = "silent"
    RECTIFIED = "rectified"
    ESCALATED = "escalated"
    CALLED_OFF = "called_off"


S = InspectionState

INSPECTION = Lifecycle(
    "inspection",
    InspectionState,
    pass_clean=({S.PLANNED}, S.CLEAN),
    find=({S.PLANNED}, S.OPEN),
    call_off=({S.PLANNED}, S.CALLED_OFF),
    answer=({S.OPEN}, S.ANSWERED),
    fall_silent=({S.OPEN}, S.SILENT),
    rectify=({S.ANSWERED, S.SILENT}, S.RECTIFIED),
    escalate=({S.ANSWERED, S.SILENT}, S.ESCALATED),
)
ENDED = (S.CLEAN, S.RECTIFIED, S.ESCALATED, S.CALLED_OFF)
# The shop knows of it once something was found; a plan is no secret, but no notice either.
TOLD = (S.CLEAN, S.OPEN, S.ANSWERED, S.SILENT, S.RECTIFIED, S.ESCALATED)

INSPECTION_WORDS = {
    S.PLANNED: N_("Planned"),
    S.CLEAN: N_("Inspected, nothing found"),
    S.OPEN: N_("Found something: the shop puts it right"),
    S.ANSWERED: N_("Answered: the platform looks again"),
    S.SILENT: N_("No answer: the platform looks again"),
    S.RECTIFIED: N_("Put right"),
    S.ESCALATED: N_("Not put right: a penalty follows"),
    S.CALLED_OFF: N_("Called off"),
}


class Reason(StrEnum):
    """Why a shop is in the plan; the number that goes with it stands beside it."""

    POINTS = "points"
    COMPLAINTS = "complaints"
    GRADE = "grade"
    NEVER = "never"
    LONG_AGO = "long_ago"
    LOT = "lot"
    BY_HAND = "by_hand"


REASON_WORDS = {
    Reason.POINTS: N_("%(n)s penalty points in this quarter: +%(adds)s"),
    Reason.COMPLAINTS: N_("%(n)s complaints lost in the last 90 days: +%(adds)s"),
    Reason.GRADE: N_("Credit grade %(n)s: +%(adds)s"),
    Reason.NEVER: N_("Never inspected: +%(adds)s"),
    Reason.LONG_AGO: N_("Last inspected more than %(n)s months ago: +%(adds)s"),
    Reason.LOT: N_("Drawn by lot: its number of this month is %(n)s, below %(adds)s of 1000"),
    Reason.BY_HAND: N_("Put in by hand: %(n)s"),
}
