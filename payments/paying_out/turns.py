"""Whose turn it is on which day: by the shop's grade, at one hour of Beijing; pure arithmetic, no rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from payments.paying_out.holds import RULE
from rulebook import policies

ZONE = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The day that `at` belongs to where the runs are made."""
    return at.astimezone(ZONE).date()


def begins(day: date, *, at: datetime) -> datetime:
    """The instant of the day's run, by the policy in force at `at`."""
    return datetime.combine(day, time(int(policies.value(RULE, at)["hour"])), ZONE)


def has_turn(grade: str, day: date, *, at: datetime) -> bool:
    """Every so many days by grade; a week's turn falls on Monday."""
    return (day.toordinal() - 1) % int(policies.value(RULE, at)["every_days"][grade]) == 0


def next_turn(grade: str, *, at: datetime) -> datetime:
    """The first run after `at` in which a shop of this grade has its turn."""
    day = day_of(at)
    while begins(day, at=at) <= at or not has_turn(grade, day, at=at):
        day += timedelta(days=1)
    return begins(day, at=at)


def may_ask(grade: str, *, at: datetime) -> bool:
    """Whether a shop of this grade may have its money between the runs."""
    return grade in policies.value(RULE, at)["now_grades"]
