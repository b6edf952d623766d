"""Questions to the database about matters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Count, F, OuterRef, Subquery

from deadlines.models import Deadline, State
from kernel.errors import NotFound
from oversight.states import PUBLISHED, RUNNING, Authority

if TYPE_CHECKING:
    from oversight.models import Matter


class MatterQuerySet(models.QuerySet["Matter"]):
    def running(self) -> MatterQuerySet:
        return self.filter(state__in=sorted(RUNNING))

    def with_parts(self) -> MatterQuerySet:
        return self.select_related("merchant", "listing", "revision")

    def with_count(self) -> MatterQuerySet:
        """How many people reported it; a number, never a reason."""
        return self.annotate(told=Count("reports"))

    def with_clock(self) -> MatterQuerySet:
        """Until when whoever is on turn has time."""
        rows = Deadline.objects.filter(reference=OuterRef("pk"), state=State.OPEN).order_by("due_at")
        return self.annotate(due_at=Subquery(rows.values("due_at")[:1]))

    def by_urgency(self) -> MatterQuerySet:
        """What waits before what is closed; danger first, then what is late, then the oldest."""
        return self.order_by(
            F("decided_at").desc(nulls_first=True),
            "-urgent",
            F("overdue_at").asc(nulls_last=True),
            "opened_at",
            "id",
        )

    def of_merchant(self, merchant_id: UUID) -> MatterQuerySet:
        return self.filter(merchant_id=merchant_id)

    def shown(self) -> MatterQuerySet:
        """Results that name a shop: a violation was found, and no police inquiry is disturbed by telling."""
        found = self.filter(state__in=sorted(PUBLISHED), merchant__isnull=False)
        quiet = found.filter(
            rulings__in_force_at__isnull=False, rulings__authority=str(Authority.POLICE)
        ).values("pk")
        return found.exclude(pk__in=quiet).order_by("-decided_at", "-id")

    def opened_between(self, since: datetime, until: datetime) -> MatterQuerySet:
        return self.filter(opened_at__gt=since, opened_at__lte=until)

    def locked(self, matter_id: UUID) -> Matter:
        """:raises NotFound:"""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("merchant", "listing")
        found = rows.filter(pk=matter_id).first()
        if found is None:
            raise NotFound
        return found
