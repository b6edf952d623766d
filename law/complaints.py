"""Clocks of a complaint that an authority keeps; the platform's own clocks are policy, not law."""

from __future__ import annotations

from datetime import datetime

from law.calendars import Calendar
from law.rules import Pack
from law.windows import Window, window


def acceptance_window(
    *, pack: Pack, calendar: Calendar, received_at: datetime, at: datetime | None = None
) -> Window:
    """By when the authority must take the complaint up and tell the consumer."""
    return window(
        pack=pack, calendar=calendar, rule_id=pack.role("complaint_acceptance"), start=received_at, at=at
    )


def mediation_window(
    *, pack: Pack, calendar: Calendar, accepted_at: datetime, at: datetime | None = None
) -> Window:
    """When the authority's mediation ends at the latest."""
    return window(
        pack=pack, calendar=calendar, rule_id=pack.role("complaint_mediation"), start=accepted_at, at=at
    )


def claim_window(*, pack: Pack, calendar: Calendar, known_at: datetime, at: datetime | None = None) -> Window:
    """Until when a claim can be brought, from the day the consumer knew."""
    return window(pack=pack, calendar=calendar, rule_id=pack.role("claim_limitation"), start=known_at, at=at)
