"""Time left until a deadline: the server owns the state, the thresholds are data (design 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext

from kernel.errors import N_

# Hours left from which a deadline reads as urgent, and as short; the rest is ample.
URGENT_HOURS, SHORT_HOURS = getattr(settings, "DEADLINE_CHIP_HOURS", (12, 48))

LEFT = (N_("%(days)s d %(hours)s h left"), N_("%(hours)s h %(minutes)s min left"), N_("%(minutes)s min left"))
LATE = (
    N_("Overdue by %(days)s d %(hours)s h"),
    N_("Overdue by %(hours)s h %(minutes)s min"),
    N_("Overdue by %(minutes)s min"),
)
EARLY = (
    N_("%(days)s d %(hours)s h before the deadline"),
    N_("%(hours)s h %(minutes)s min before the deadline"),
    N_("%(minutes)s min before the deadline"),
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a chip shows: `state` names its colour, `words` say the same without colour."""

    state: str
    words: str
    css: str


def in_words(span: timedelta, forms: tuple[str, str, str]) -> str:
    """Days and hours, or hours and minutes, or minutes; rounded down."""
    minutes = int(abs(span).total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    days, of_day = divmod(hours, 24)
    form = forms[0] if days else forms[1] if hours else forms[2]
    return gettext(form) % {"days": days, "hours": of_day if days else hours, "minutes": minutes}


def remaining(*, due_at: datetime, now: datetime) -> Remaining:
    """Acting at `due_at` is already late."""
    left = due_at - now
    if left <= timedelta(0):
        return Remaining("overdue", in_words(left, LATE), "chip--late chip--over")
    if left <= timedelta(hours=URGENT_HOURS):
        return Remaining("urgent", in_words(left, LEFT), "chip--late")
    if left <= timedelta(hours=SHORT_HOURS):
        return Remaining("short", in_words(left, LEFT), "chip--soon")
    return Remaining("ample", in_words(left, LEFT), "chip--ample")


def met(*, due_at: datetime, met_at: datetime) -> Remaining:
    """A promise kept, and how early."""
    if met_at >= due_at:
        return Remaining("overdue", in_words(met_at - due_at, LATE), "chip--late chip--over")
    return Remaining("met", in_words(due_at - met_at, EARLY), "chip--right")


def paused(*, due_at: datetime, now: datetime) -> Remaining:
    return Remaining("paused", gettext("Paused, nothing runs out meanwhile"), "chip--paused")
