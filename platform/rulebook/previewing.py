"""What a new pack or calendar changes, and for whom, before anybody accepts it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from law.calendars import Calendar
from law.rules import Pack, Rule
from rulebook import recounting, shelf

# What a reader would notice of a rule; the rest is bookkeeping.
SHOWN = (
    "article", "in_force_from", "in_force_to", "stamp", "confidence", "sentence", "trigger", "owner",
    "length", "first_day_counts", "roll", "backward", "min_working_days", "starts_from", "withhold_until",
    "uninformed", "payer", "exemptions", "remedy", "penalty", "display", "figures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about one rule: `what` is added, removed or the field's name; `owner` whom it concerns."""

    rule_id: str
    owner: str
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """`changes` of rules or days; how many running deadlines would be counted again, and move."""

    place: str
    version: str
    since: date | None
    replaces: str
    changes: tuple[Change, ...]
    recounted: int = 0
    moved: int = 0


def of_pack(pack: Pack) -> Preview:
    """Against the newest loaded version of the same law. Orders keep the version they were placed under."""
    held = [each for place in pack.places for _, each in shelf.current().packs.get(place, ())]
    old = held[-1] if held else None
    replaces = old.version if old else ""
    return Preview(pack.jurisdiction, pack.version, pack.in_force_from, replaces, between(old, pack))


def between(old: Pack | None, new: Pack) -> tuple[Change, ...]:
    """What one version of a law changes of the one before, rule by rule."""
    before = {_key(rule): rule for rule in old.rules} if old else {}
    after = {_key(rule): rule for rule in new.rules}
    changes = [
        *(Change(each.id, each.owner, "added", after=_text(each.length)) for each in _only(after, before)),
        *(Change(each.id, each.owner, "removed", before=_text(each.length)) for each in _only(before, after)),
        *(each for key in before.keys() & after.keys() for each in _differences(before[key], after[key])),
    ]
    return tuple(sorted(changes, key=lambda each: (each.rule_id, each.what)))


def of_calendar(calendar: Calendar) -> Preview:
    """Years and days against the calendar in use, and what would become of the running deadlines."""
    old = shelf.current().calendars.get(calendar.place)
    years = calendar.years - (old.years if old else frozenset())
    changes = [Change(str(year), "", "year") for year in sorted(years)]
    if old is not None:
        changes += [
            Change(day.isoformat(), "", "rests" if calendar.is_rest(day) else "works")
            for day in sorted(old.off | old.work | calendar.off | calendar.work)
            if day.year in old.years & calendar.years and old.is_rest(day) != calendar.is_rest(day)
        ]
    recounted, moved = recounting.would_move(calendar)
    replaces = old.version if old else ""
    return Preview(calendar.place, calendar.version, None, replaces, tuple(changes), recounted, moved)


def _key(rule: Rule) -> tuple[str, date]:
    return rule.id, rule.in_force_from


def _only(left: dict[tuple[str, date], Rule], right: dict[tuple[str, date], Rule]) -> Iterable[Rule]:
    return (rule for key, rule in left.items() if key not in right)


def _differences(before: Rule, after: Rule) -> Iterable[Change]:
    for field in fields(Rule):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name in SHOWN and old != new:
            yield Change(after.id, after.owner, field.name, _text(old), _text(new))


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    return "" if value is None else str(value)
