"""Counting periods: the first day is left out, the end is a local midnight, rest days roll it forward.

PRC Civil Code 200-204. Every answer is the last local day in time and the first UTC instant too late.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from law.calendars import Calendar
from law.errors import CountTooLong, InstantOutOfRange, NaiveInstant, NegativeCount, UnknownUnit, UnknownZone

# Zone data and calendars mean nothing outside; twenty years of limitation still fit.
FIRST_YEAR, LAST_YEAR = 1990, 2150


class Unit(StrEnum):
    """Units as the command line and the packs spell them."""

    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"
    MONTHS = "mo"
    YEARS = "y"


# Generous: the longest statutory period counted is ten years.
LIMITS = {
    Unit.MINUTES: 100_000,
    Unit.HOURS: 20_000,
    Unit.DAYS: 20_000,
    Unit.WORKING_DAYS: 2_000,
    Unit.MONTHS: 600,
    Unit.YEARS: 50,
}


@dataclass(frozen=True, slots=True)
class Length:
    """A whole number of units.

    :raises NegativeCount: also for fractions
    :raises UnknownUnit:
    :raises CountTooLong:
    """

    n: int
    unit: Unit

    def __init__(self, n: int, unit: Unit | str) -> None:
        try:
            known = Unit(unit)
        except ValueError:
            raise UnknownUnit(unit=unit, known=", ".join(Unit)) from None
        if type(n) is not int or n < 0:
            raise NegativeCount(n=n)
        if n > LIMITS[known]:
            raise CountTooLong(n=f"{n} {known}", limit=f"{LIMITS[known]} {known}")
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "unit", known)

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"


@dataclass(frozen=True, slots=True)
class Count:
    """`last_day` is the last local day in time, `due_at` the first UTC instant that is too late."""

    last_day: date
    due_at: datetime
    provisional: bool


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """:raises UnknownZone:"""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(zone=name) from None


def check_instant(instant: datetime) -> datetime:
    """The same instant in UTC.

    :raises NaiveInstant: without a zone
    :raises InstantOutOfRange: outside the years in which periods can be counted
    """
    if not isinstance(instant, datetime) or instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveInstant(instant=instant)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise InstantOutOfRange(year=instant.year, first=FIRST_YEAR, last=LAST_YEAR)
    return instant.astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    return check_instant(instant).astimezone(zone_of(zone)).date()


def midnight_after(day: date, zone: str) -> datetime:
    """The first UTC instant after the local `day`, 24:00 of it.

    Where clocks jump over midnight it is the moment of the jump, where midnight comes twice the first one.
    """
    start = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone_of(zone))
    return start.astimezone(UTC)


def count(
    *,
    start: datetime,
    length: Length,
    calendar: Calendar,
    zone: str,
    first_day_counts: bool = False,
    roll: bool = True,
    min_working_days: int = 0,
) -> Count:
    """Count `length` from the fact at `start` in the local `zone`.

    `roll` moves an end that falls on a rest day to the next working day; the period is lengthened until it
    holds `min_working_days`. Hours and minutes run from the instant itself and never roll.

    :raises NaiveInstant: and the other refusals of `check_instant` and `zone_of`
    """
    began = check_instant(start)
    local_zone = zone_of(zone)
    if length.unit in (Unit.HOURS, Unit.MINUTES):
        return _by_the_clock(began, length, local_zone)
    first = began.astimezone(local_zone).date()
    if first_day_counts and length.n > 0:
        first -= timedelta(days=1)
    if length.unit is Unit.WORKING_DAYS:
        day, provisional = add_working_days(first, length.n, calendar)
    else:
        day, provisional = _add(first, length), False
    if min_working_days:
        least, unsure = add_working_days(first, min_working_days, calendar)
        day, provisional = max(day, least), provisional or (unsure and least >= day)
    if roll:
        day, rolled_unsure = next_working_day(day, calendar)
        provisional = provisional or rolled_unsure
    return Count(last_day=day, due_at=midnight_after(day, zone), provisional=provisional)


def _by_the_clock(began: datetime, length: Length, zone: ZoneInfo) -> Count:
    span = timedelta(hours=length.n) if length.unit is Unit.HOURS else timedelta(minutes=length.n)
    last = (began + span - timedelta(microseconds=1)).astimezone(zone).date()
    return Count(last_day=last, due_at=began + span, provisional=False)


def _add(day: date, length: Length) -> date:
    if length.unit is Unit.DAYS:
        return day + timedelta(days=length.n)
    return add_months(day, length.n * (12 if length.unit is Unit.YEARS else 1))


def add_months(day: date, number: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add_working_days(day: date, number: int, calendar: Calendar) -> tuple[date, bool]:
    """The `number`th working day after `day`, and whether an unannounced year was passed on the way."""
    provisional = False
    while number:
        day += timedelta(days=1)
        provisional = provisional or calendar.is_provisional(day)
        if calendar.is_working(day):
            number -= 1
    return day, provisional


def next_working_day(day: date, calendar: Calendar) -> tuple[date, bool]:
    """`day` itself if it is a working day, else the next one; and whether an unannounced year was asked."""
    provisional = calendar.is_provisional(day)
    while calendar.is_rest(day):
        day += timedelta(days=1)
        provisional = provisional or calendar.is_provisional(day)
    return day, provisional
