"""Kept so many of so many: counted from the rows, the same number for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from catalog import promises as catalogue
from orders.models import PromiseRecord
from orders.models.promises import KEPT
from rulebook import policies

SMALLEST = "promise.smallest_figure"
DAYS = 90


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise in the last 90 days; `shown` is False for so few cases that they would point at orders."""

    promise: catalogue.Promise
    kept: int
    all: int
    shown: bool


def of_shop(merchant_id: UUID, *, at: datetime) -> list[Figure]:
    """In the catalogue's order; what no machine watches has no figure. One statement."""
    least = policies.number(SMALLEST, at)
    rows = PromiseRecord.objects.filter(
        order__merchant_id=merchant_id, at__gt=at - timedelta(days=DAYS), at__lte=at
    )
    counted = (
        rows.order_by().values("key").annotate(kept=Count("id", filter=Q(outcome=KEPT)), all=Count("id"))
    )
    found = {row["key"]: row for row in counted}
    known = [*catalogue.known(), *sorted(set(found) - set(catalogue.known()))]
    return [
        Figure(made, found[key]["kept"], found[key]["all"], found[key]["all"] >= least)
        for key in known
        if key in found and (made := catalogue.promise(key)) is not None
    ]
