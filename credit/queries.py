"""Asking for entries, grades and reviews as the trade would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Aggregate, Count, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from credit.scoring import Fact
from kernel.errors import NotFound

if TYPE_CHECKING:
    from credit.models import Entry, Grading, Review  # noqa: F401 (named in base classes)

ASPECTS = ("goods", "description", "delivery", "aftersales")


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_merchant(self, merchant_id: UUID) -> EntryQuerySet:
        return self.filter(merchant_id=merchant_id)

    def within(self, *, at: datetime, days: int) -> EntryQuerySet:
        """Happened by `at`, not more than `days` ago."""
        return self.filter(at__lte=at, at__gt=at - timedelta(days=days))

    def facts(self) -> Iterator[Fact]:
        """As the score sees them; one statement, no rows built."""
        names = ("kind", "component", "permille", "weight", "at", "order_id")
        for kind, component, permille, weight, at, order_id in self.values_list(*names).iterator():
            yield Fact(kind, component, permille, weight, at, order_id)

    def with_cases(self) -> EntryQuerySet:
        return self.select_related("order", "complaint", "review__listing__live_revision")

    def newest_first(self) -> EntryQuerySet:
        return self.order_by("-at", "-id")


class GradingQuerySet(models.QuerySet["Grading"]):
    def of_merchant(self, merchant_id: UUID) -> GradingQuerySet:
        return self.filter(merchant_id=merchant_id).order_by("-at", "-id")

    def newest(self, merchant_id: UUID) -> Grading | None:
        return self.of_merchant(merchant_id).first()


class ReviewQuerySet(models.QuerySet["Review"]):
    def locked(self, pk: UUID) -> Review:
        """:raises NotFound: when there is none"""
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound()
        return row

    def of_listing(self, listing_id: UUID) -> ReviewQuerySet:
        return self.filter(listing_id=listing_id)

    def of_merchant(self, merchant_id: UUID) -> ReviewQuerySet:
        return self.filter(merchant_id=merchant_id)

    def of_line(self, line_id: UUID) -> Review | None:
        return self.filter(line_id=line_id).first()

    def for_reading(self) -> ReviewQuerySet:
        """Newest first: a bad one is never buried under a good one."""
        return self.select_related("order", "line__revision").prefetch_related("notes").order_by("-at", "-id")

    def figures(self) -> dict[str, int]:
        """Their number, the sum of each aspect's scores, and how many gave each score for the goods."""
        found: dict[str, int] = self.aggregate(**_figures())
        return found

    def with_figures(self, listing_id: UUID) -> ReviewQuerySet:
        """Each with its listing and, as `told_of_all`, the figures of all reviews of it."""
        whole = self.model._default_manager.filter(listing_id=listing_id).order_by()
        told = whole.annotate(one=Value(1)).values("one").annotate(told=JSONObject(**_figures()))
        rows = self.select_related("listing__live_revision", "order", "line__revision")
        return rows.defer("listing__draft", "listing__search").annotate(
            told_of_all=Subquery(told.values("told"))
        )


def _figures() -> dict[str, Aggregate | Coalesce]:
    sums = {f"sum_{name}": Coalesce(Sum(name), 0) for name in ASPECTS}
    spread = {f"gave_{score}": Count("id", filter=Q(goods=score)) for score in range(1, 6)}
    return {"number": Count("id"), **sums, **spread}
