"""What each way of delivery promises a buyer, counted from payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog import promise_terms
from catalog import promises as merchant_promises
from law.counting import Length, Unit
from orders.arranged import CartGroup
from orders.delivery_ways import Way
from rulebook import promises

DISPATCH, PICKUP = "silence.order_dispatch", "silence.order_pickup"
_HOURS = {Unit.HOURS: 1, Unit.DAYS: 24}


@dataclass(frozen=True, slots=True)
class Promised:
    """`ready_hours`: sent, or lying ready; `there_days`: by express; `kept_days`: so long at its point."""

    ready_hours: int
    there_days: int | None = None
    kept_days: int | None = None


def of_way(group: CartGroup, way: Way, *, at: datetime) -> Promised:
    """What holds for an order of this instant; the slowest of its goods sets the hours."""
    ready = max(_hours(each, at=at) for each in _terms(group, at=at))
    kept = promises.length(PICKUP, at=at) if way.is_pickup else None
    return Promised(ready, way.days or None, kept.n if kept else None)


def _terms(group: CartGroup, *, at: datetime) -> list[Mapping[str, Any]]:
    merchant = group.merchant
    return [promise_terms.of_shelf(merchant, item.listing.content, at=at) for item in group.items]


def _hours(terms: Mapping[str, Any], *, at: datetime) -> int:
    return merchant_promises.dispatch_hours(terms) or _in_hours(promises.length(DISPATCH, at=at))


def _in_hours(length: Length) -> int:
    """:raises KeyError: for working days, which no one promises a parcel in"""
    return length.n * _HOURS[length.unit]
