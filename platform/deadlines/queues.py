"""What staff and the public see of the deadlines: who is late, and what was kept and broken."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from deadlines.models import Deadline
from deadlines.queries import OwnerQueue, Record

# How far ahead the queues look, and how far back the figures.
AHEAD = timedelta(days=7)
BACK = timedelta(days=90)
SHOWN = 100
# The public page may be asked for by anybody, the count reads three months of rows.
FRESH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Queues:
    """The owners with their numbers, and the most urgent rows of one or all of them."""

    owners: list[OwnerQueue]
    rows: list[Deadline]


def queues(*, at: datetime, owner: str = "", overdue: bool = False) -> Queues:
    """What is due within a week, the overdue first; of one owner if one is named."""
    found = Deadline.objects.due_before(at if overdue else at + AHEAD)
    if owner:
        found = found.filter(owner=owner)
    return Queues(Deadline.objects.by_owner(at=at, soon=at + AHEAD), list(found[:SHOWN]))


def figures(*, at: datetime) -> list[Record]:
    """Kept and broken by kind over the last 90 days, at most ten minutes old."""
    key = f"deadlines.figures.{at:%Y%m%d}"
    held: list[list[Any]] | None = cache.get(key)
    if held is None:
        held = [list(astuple(one)) for one in Deadline.objects.kept_and_broken(since=at - BACK)]
        cache.set(key, held, FRESH_SECONDS)
    return [Record(*one) for one in held]
