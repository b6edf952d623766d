"""What the rulebook reports."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event, event


@event("rulebook.CalendarLoaded")
@dataclass(frozen=True, slots=True)
class CalendarLoaded(Event):
    """A place's calendar has a new version: what was counted provisionally is counted again."""

    place: str
    version: str


@event("rulebook.PackLoaded")
@dataclass(frozen=True, slots=True)
class PackLoaded(Event):
    place: str
    version: str
    unsure: int


@event("rulebook.PlatformRulePublished")
@dataclass(frozen=True, slots=True)
class PlatformRulePublished(Event):
    slug: str
    version: int
