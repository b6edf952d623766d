"""The life of a submission: read by the machine, then by people where that is due."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class SubmissionState(StrEnum):
    """`screened` lasts for the moment in which the machine reads."""

    SCREENED = "screened"
    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    CHANGE_ASKED = "change_asked"
    CONTESTED = "contested"
    STANDS = "stands"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"


S = SubmissionState
# Somebody of the platform has to act.
OPEN = (S.WAITING, S.CONTESTED)

SUBMISSION = Lifecycle(
    "submission",
    SubmissionState,
    pass_on=({S.SCREENED}, S.PUBLISHED),
    hold=({S.SCREENED}, S.WAITING),
    stop=({S.SCREENED}, S.REFUSED),
    approve=({S.WAITING, S.CONTESTED}, S.PUBLISHED),
    refuse=({S.WAITING}, S.REFUSED),
    ask=({S.WAITING}, S.CHANGE_ASKED),
    contest=({S.REFUSED, S.CHANGE_ASKED}, S.CONTESTED),
    confirm=({S.CONTESTED}, S.STANDS),
    take_back=({S.WAITING, S.CONTESTED}, S.TAKEN_BACK),
    overtake=({S.WAITING, S.CONTESTED}, S.OVERTAKEN),
)

SUBMISSION_WORDS = {
    S.SCREENED: N_("Being read"),
    S.WAITING: N_("Waits for a person to read it"),
    S.PUBLISHED: N_("On sale"),
    S.REFUSED: N_("Refused"),
    S.CHANGE_ASKED: N_("A change is asked for"),
    S.CONTESTED: N_("Contested: another person reads it"),
    S.STANDS: N_("Read again: the refusal stands"),
    S.TAKEN_BACK: N_("Taken back"),
    S.OVERTAKEN: N_("A newer one took its place"),
}


class Risk(StrEnum):
    """Why a person reads a submission that the machine let pass."""

    DOUBT = "doubt"
    SENSITIVE = "sensitive"
    FIRST = "first"
    SAMPLE = "sample"


# What is read first; the higher the sooner.
WEIGHT = {Risk.DOUBT: 40, Risk.SENSITIVE: 30, Risk.FIRST: 20, Risk.SAMPLE: 10}
CONTEST_WEIGHT = 50
RISK_WORDS = {
    Risk.DOUBT: N_("doubtful wording"),
    Risk.SENSITIVE: N_("a kind of goods that is always read"),
    Risk.FIRST: N_("one of the shop's first listings"),
    Risk.SAMPLE: N_("drawn as a sample"),
}
