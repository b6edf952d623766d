"""Which days are rest days at a place, and which years are known rather than guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from law import reading
from law.errors import BadPack


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rest days and make-up working days of one place.

    `fixed_rest` holds the (month, day) pairs that are rest days by statute every year, so that a year
    whose notice is not out yet is never shorter than the plain rule.
    """

    place: str
    version: str
    rest_weekdays: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]
    fixed_rest: frozenset[tuple[int, int]] = frozenset()

    def is_rest(self, day: date) -> bool:
        if day in self.work:
            return False
        if day in self.off or day.weekday() in self.rest_weekdays:
            return True
        return day.year not in self.years and (day.month, day.day) in self.fixed_rest

    def is_working(self, day: date) -> bool:
        return not self.is_rest(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of `day` has not been announced, so that the answer may change."""
        return day.year not in self.years


def read_calendar(data: Mapping[str, object]) -> Calendar:
    """A calendar from its file's content. Weekdays count from Monday = 0.

    :raises BadPack: naming the key that can't be used
    """
    source = reading.Fields(data, where="calendar")
    source.allow("place", "version", "source", "licence", "read_on", "rest_weekdays", "fixed_rest", "years")
    weekdays = source.whole_numbers("rest_weekdays", low=0, high=6)
    off: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    for key, value in source.table("years").items():
        if not (key.isdecimal() and len(key) == 4):
            raise BadPack(where="calendar", field="years", reason=f"“{key}” is not a year")
        year = reading.Fields(reading.as_table(value, where="calendar", field=key), where=f"year {key}")
        year.allow("paper", "off", "work")
        years.add(int(key))
        off.update(year.days("off"))
        work.update(year.days("work"))
    both = sorted(off & work)
    if both:
        raise BadPack(
            where="calendar", field="years", reason=f"{both[0]} is both a rest day and a working day"
        )
    return Calendar(
        place=source.text("place"),
        version=source.text("version"),
        rest_weekdays=frozenset(weekdays),
        off=frozenset(off),
        work=frozenset(work),
        years=frozenset(years),
        fixed_rest=frozenset(source.month_days("fixed_rest")),
    )
