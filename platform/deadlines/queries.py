"""Questions to the deadlines: what runs, what is overdue, whose turn it is, what was kept and broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Count, Min, Q

if TYPE_CHECKING:
    from deadlines.models import Deadline

RUNNING = ("open", "paused")
# Their silence is a broken promise; a buyer's own time simply ends.
WITH_DUTIES = ("merchant", "platform", "carrier", "provider")


@dataclass(frozen=True, slots=True)
class OwnerQueue:
    """Whose turn, and how pressing."""

    owner: str
    overdue: int
    due: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """How often one kind of promise was kept and broken."""

    kind: str
    owner: str
    kept: int
    broken: int

    @property
    def kept_permille(self) -> int:
        return self.kept * 1000 // (self.kept + self.broken)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> DeadlineQuerySet:
        return self.filter(state__in=RUNNING)

    def for_change(self) -> DeadlineQuerySet:
        """Locked against every other change, but not against references to the row."""
        return self.select_for_update(no_key=True)

    def locked(self, pk: UUID) -> Deadline | None:
        """The row if it still runs, locked."""
        return self.running().for_change().filter(pk=pk).first()

    def unannounced(self, calendar_versions: list[str]) -> DeadlineQuerySet:
        """Running ones that were counted over a year which one of these calendars didn't know."""
        return self.running().filter(provisional=True, calendar_version__in=calendar_versions)

    def due_before(self, instant: datetime) -> DeadlineQuerySet:
        """Open ones by urgency, the overdue first."""
        return self.filter(state="open", due_at__lt=instant).order_by("due_at", "id")

    def by_owner(self, *, at: datetime, soon: datetime) -> list[OwnerQueue]:
        """For each owner: how many are overdue `at`, how many due before `soon`, and the oldest."""
        rows = (
            self.filter(state="open", due_at__lt=soon)
            .values("owner")
            .annotate(overdue=Count("id", filter=Q(due_at__lte=at)), due=Count("id"), oldest=Min("due_at"))
            .order_by("owner")
        )
        return [OwnerQueue(row["owner"], row["overdue"], row["due"], row["oldest"]) for row in rows]

    def kept_and_broken(self, *, since: datetime) -> list[Record]:
        """By kind, those that ended since: met in time, or fired because nobody acted."""
        rows = (
            self.filter(state__in=("met", "fired"), ended_at__gte=since, owner__in=WITH_DUTIES)
            .values("kind", "owner")
            .annotate(kept=Count("id", filter=Q(state="met")), broken=Count("id", filter=Q(state="fired")))
            .order_by("kind", "owner")
        )
        return [Record(row["kind"], row["owner"], row["kept"], row["broken"]) for row in rows]
