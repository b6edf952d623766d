"""Which fact about a shop starts which clock; lengths come from the law and from the silence table."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from deadlines import booking
from deadlines.models import Deadline
from law.windows import Window
from rulebook import promises

if TYPE_CHECKING:
    from merchants.models import Appeal

APPEAL = "merchants.appeal"


def appeal_ends(decided_at: datetime) -> Window:
    """Until when a decision can be contested."""
    return promises.due("silence.appeal_merchant", start=decided_at, at=decided_at)


def appeal_clock(appeal: Appeal) -> Deadline | None:
    """The running clock of the ruling."""
    return booking.find(kind=APPEAL, reference=appeal.pk)


def start_appeal(appeal: Appeal, *, place: str, at: datetime) -> datetime:
    """The platform's time to rule; gives the first instant that is too late."""
    window = promises.due("silence.staff_review", start=at, at=at, place=place)
    booking.book(kind=APPEAL, reference=appeal.pk, at=at, **window.as_booking())
    return window.due_at
