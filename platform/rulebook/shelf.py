"""What is loaded, read once per process: packs, calendars, policies and texts ready for use.

A page pays nothing within a minute and one statement after it; only a change is read again.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import connection

from law.calendars import Calendar, read_calendar
from law.pack_reading import read_pack
from law.rules import Pack
from rulebook.models import CalendarVersion, PackVersion, Policy, RuleText

# A rule takes days to come into force; a minute of an old version in one process harms nobody.
FRESH_SECONDS = 60.0
QUARTER_SECONDS = 900
Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Versioned:
    """One version of a policy or text, oldest first on the shelf."""

    name: str
    version: int
    in_force_from: datetime
    value: Any


@dataclass(frozen=True, slots=True)
class Shelf:
    """Packs by place with the day from which they apply (oldest first), newest calendar by place.

    `members` holds the places of each jurisdiction: one for most, the member states for the EU. `turns` are
    the instants at which a policy or text comes into force, `reading` counts how often this process read.
    """

    stamp: Stamp
    reading: int
    turns: tuple[datetime, ...]
    members: Mapping[str, tuple[str, ...]]
    packs: Mapping[str, tuple[tuple[date, Pack], ...]]
    calendars: Mapping[str, Calendar]
    policies: Mapping[str, tuple[Versioned, ...]]
    texts: Mapping[str, tuple[Versioned, ...]]


_lock = threading.Lock()
_shelf: Shelf | None = None
_checked = 0.0
_readings = count(1)


def forget() -> None:
    """Read everything again at the next question: after loading, and between tests."""
    global _shelf
    with _lock:
        _shelf = None


def current() -> Shelf:
    """The shelf as of at most a minute ago."""
    global _shelf, _checked
    held = _shelf
    if held is not None and time.monotonic() - _checked < FRESH_SECONDS:
        return held
    with _lock:
        stamp = _stamp()
        if _shelf is None or _shelf.stamp != stamp:
            _shelf = _read(stamp)
        _checked = time.monotonic()
        return _shelf


def edition(at: datetime) -> tuple[int, int, int]:
    """Another value whenever anything cited from here may read otherwise: for keys of what is kept.

    Packs turn with the day of their place, and every zone's midnight is a quarter hour of ours.
    """
    held = current()
    return held.reading, bisect_right(held.turns, at), int(at.timestamp()) // QUARTER_SECONDS


def _stamp() -> Stamp:
    """Row counts: the tables are append-only, so any change adds a row."""
    tables = [model._meta.db_table for model in (PackVersion, CalendarVersion, Policy, RuleText)]
    counts = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return tuple(cursor.fetchone())


def _read(stamp: Stamp) -> Shelf:
    packs: dict[str, tuple[tuple[date, Pack], ...]] = {}
    members: dict[str, tuple[str, ...]] = {}
    for row in PackVersion.objects.order_by("place", "in_force_from", "loaded_at", "id"):
        pack = read_pack(row.content)
        members[row.place] = tuple(sorted(pack.places))
        for place in pack.places:
            packs[place] = (*packs.get(place, ()), (row.in_force_from, pack.at_place(place)))
    calendars = {
        row.place: read_calendar(row.content)
        for row in CalendarVersion.objects.order_by("place", "loaded_at", "id")
    }
    policies: dict[str, tuple[Versioned, ...]] = {}
    for policy in Policy.objects.order_by("name", "version"):
        held = Versioned(policy.name, policy.version, policy.in_force_from, policy.value)
        policies[policy.name] = (*policies.get(policy.name, ()), held)
    texts: dict[str, tuple[Versioned, ...]] = {}
    for text in RuleText.objects.order_by("slug", "version"):
        held = Versioned(text.slug, text.version, text.in_force_from, text.texts)
        texts[text.slug] = (*texts.get(text.slug, ()), held)
    turns = (each.in_force_from for held in (policies, texts) for rows in held.values() for each in rows)
    return Shelf(
        stamp=stamp,
        reading=next(_readings),
        turns=tuple(sorted(turns)),
        packs=packs,
        members=members,
        calendars=calendars,
        policies=policies,
        texts=texts,
    )
