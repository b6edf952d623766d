"""Which fact of an offer starts which clock; lengths are the platform's own promises."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deadlines import booking
from law.counting import Length, Unit
from law.windows import Window
from rulebook import promises

GRACE = "catalog.schema_grace"


def grace(*, days: int, at: datetime) -> Window:
    """How long what is on sale may stay after its category asks for more."""
    return promises.due("catalog.schema_grace", start=at, at=at, length=Length(days, Unit.DAYS))


def start_grace(notice_id: UUID, window: Window, *, at: datetime) -> None:
    booking.book(kind=GRACE, reference=notice_id, at=at, **window.as_booking())


def end_grace(notice_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=GRACE, reference=notice_id, at=at)
