"""The clocks of penalties: the shop's answer, our weighing, the end, and telling the public."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from deadlines.models import Deadline
from law import windows
from merchants.models import Penalty
from rulebook import current, promises

PENALTY_ANSWER = "merchants.penalty_answer"
PENALTY_HEARING = "merchants.penalty_hearing"
PENALTY_END = "merchants.penalty_end"
PENALTY_PUBLISH = "merchants.penalty_publish"


def start_answer(penalty: Penalty, *, at: datetime) -> None:
    """The shop's time to be heard before anything takes effect."""
    window = promises.due("silence.penalty_answer", start=at, at=at)
    booking.book(kind=PENALTY_ANSWER, reference=penalty.pk, at=at, **window.as_booking())


def start_hearing(penalty: Penalty, *, at: datetime) -> None:
    """The platform's time to weigh the answer."""
    window = promises.due("silence.penalty_hearing", start=at, at=at)
    booking.book(kind=PENALTY_HEARING, reference=penalty.pk, at=at, **window.as_booking())


def start_publication(penalty: Penalty, *, at: datetime) -> None:
    """The law's time to tell the public; the platform's own law, wherever the shop sits."""
    pack, calendar = current.pack(current.HOME, at), current.calendar(current.HOME)
    window = windows.window(pack=pack, calendar=calendar, rule_id="cn.penalty.publish", start=at)
    booking.book(kind=PENALTY_PUBLISH, reference=penalty.pk, at=at, **window.as_booking())


def penalty_clock(penalty: Penalty) -> Deadline | None:
    """The clock that matters to the shop now: its answer, our weighing, then the end."""
    running = {each.kind: each for each in booking.open_for([penalty.pk])}
    kinds = (PENALTY_ANSWER, PENALTY_HEARING, PENALTY_END)
    return next((running[kind] for kind in kinds if kind in running), None)
