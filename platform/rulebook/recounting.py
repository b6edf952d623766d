"""Counting running deadlines again once the calendar of their year is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deadlines import moving
from deadlines.models import Deadline
from law.calendars import Calendar
from law.counting import Count, Length, count
from outbox import bus
from rulebook import current, shelf
from rulebook.events import CalendarLoaded
from rulebook.models import CalendarVersion

# One transaction's worth; the rest follows by the same message again.
BATCH = 500
PREVIEWED = 2000
# Its rows hang on another one: orders moves them when the return window moves.
FOLLOWS = "return_window_ends"


def on_calendar_loaded(event: CalendarLoaded, *, at: datetime) -> None:
    """Recount up to `BATCH` rows, the next due first, and ask for more while there are any."""
    shelf.forget()
    calendar = current.calendar(event.place)
    rows = list(waiting(event.place, calendar.version).order_by("due_at", "id")[:BATCH])
    for row in rows:
        _recount(row, calendar, at)
    if len(rows) == BATCH:
        bus.publish(event, at=at)


def waiting(place: str, version: str) -> Any:
    """Running deadlines that an older calendar of the place gave provisionally."""
    older = CalendarVersion.objects.filter(place=place).exclude(version=version)
    return Deadline.objects.unannounced(list(older.values_list("version", flat=True)))


def counted_again(row: Deadline, calendar: Calendar) -> Count:
    """The row's own inputs under another calendar, before any pause or extension."""
    inputs = row.inputs
    return count(
        start=datetime.fromisoformat(inputs["start"]),
        length=Length(inputs["n"], inputs["unit"]),
        calendar=calendar,
        zone=inputs["zone"],
        first_day_counts=inputs["first_day_counts"],
        roll=inputs["roll"],
        min_working_days=_least(row, calendar.place),
    )


def would_move(calendar: Calendar) -> tuple[int, int]:
    """How many rows this calendar would count again, and how many of the first 2000 it would move."""
    rows = waiting(calendar.place, calendar.version)
    first = [row for row in rows.order_by("due_at", "id")[:PREVIEWED] if "start" in row.inputs]
    moved = sum(counted_again(row, calendar).due_at != row.due_at for row in first)
    return rows.count(), moved


def _recount(row: Deadline, calendar: Calendar, at: datetime) -> None:
    if "start" not in row.inputs:
        return
    found = counted_again(row, calendar)
    moving.recount(
        deadline_id=row.pk,
        due_at=row.due_at if FOLLOWS in row.inputs else found.due_at + moving.shifted(row),
        provisional=found.provisional,
        calendar_version=calendar.version,
        at=at,
    )


def _least(row: Deadline, place: str) -> int:
    """How many working days the rule's period must hold; the platform's own clocks ask for none."""
    if row.rule_id.startswith(moving.OURS):
        return 0
    rules = current.pack_version(place, row.pack_version).versions_of(row.rule_id)
    return max(rule.min_working_days for rule in rules)
