"""What staff must know before a shopper does: years without a calendar, rules no lawyer has read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from law.counting import local_day
from law.rules import Confidence, Rule
from rulebook import current, recounting, shelf


@dataclass(frozen=True, slots=True)
class MissingYear:
    """A year that a place's calendar lacks; `running` deadlines were counted without it."""

    place: str
    year: int
    calendar: str
    running: int


@dataclass(frozen=True, slots=True)
class UnsureRules:
    """The rules of a law in force that nobody has checked against a full text."""

    place: str
    version: str
    number: int
    of: int
    rules: tuple[Rule, ...]


def missing_years(at: datetime) -> list[MissingYear]:
    """This year and the next, wherever one isn't loaded: today's deadlines run into both."""
    found = []
    for place, calendar in sorted(shelf.current().calendars.items(), key=lambda each: _home_first(each[0])):
        law = shelf.current().packs.get(place)
        if law is None:
            continue
        this = local_day(at, law[-1][1].zone).year
        lacking = [year for year in (this, this + 1) if year not in calendar.years]
        if lacking:
            running = recounting.waiting(place, "").count()
            found += [MissingYear(place, year, calendar.version, running) for year in lacking]
    return found


def unsure_rules(at: datetime) -> list[UnsureRules]:
    """By law, the home market's first; laws without any are left out."""
    found = []
    for name, place in current.jurisdictions().items():
        pack = current.pack(place, at)
        rules = pack.in_force(local_day(at, pack.zone))
        unsure = tuple(rule for rule in rules if rule.confidence is not Confidence.CONFIRMED)
        if unsure:
            found.append(UnsureRules(name, pack.version, len(unsure), len(rules), unsure))
    return found


def _home_first(place: str) -> tuple[bool, str]:
    return place != current.HOME, place
