"""Deals and reductions as the trade asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from catalog.price_models import Deal, Reduction  # noqa: F401 (named in a base class)


class DealQuerySet(models.QuerySet["Deal"]):
    def standing(self, at: datetime) -> DealQuerySet:
        """Not void up to that instant: the answer for an instant stays the same for ever."""
        return self.exclude(void__at__lte=at)

    def of_variant(self, variant_id: UUID) -> DealQuerySet:
        return self.filter(variant_id=variant_id).order_by("-at", "-id")


class ReductionQuerySet(models.QuerySet["Reduction"]):
    def open(self) -> ReductionQuerySet:
        return self.filter(state__in=["waiting", "running"])

    def running_at(self, at: datetime) -> ReductionQuerySet:
        """What may be shown now: begun, and not over even if no sweep has passed."""
        return self.filter(state="running", starts_at__lte=at, ends_at__gt=at)

    def due(self, at: datetime) -> ReductionQuerySet:
        """What has to start or to end."""
        return self.open().filter(Q(state="waiting", starts_at__lte=at) | Q(ends_at__lte=at))

    def locked(self) -> list[Reduction]:
        return list(self.order_by("pk").select_for_update(of=("self",), no_key=True))
