"""How much a shop's record asks for a look: points, complaints lost, grade, and how long ago the last was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from merchants import ladder
from merchants.inspection_lifecycle import Reason
from merchants.models import Inspection, Merchant
from rulebook import policies

POLICY = "inspection.risk"
LOOK_BACK, MONTH = timedelta(days=90), timedelta(days=30)
Lost = Callable[[datetime, datetime], Mapping[UUID, int]]
_lost: list[Lost] = []


@dataclass(frozen=True, slots=True)
class Risk:
    """`reasons` are rows of code, number and what it adds; they sum to `score`. `drawn`: by lot alone."""

    score: int
    reasons: tuple[dict[str, Any], ...]
    drawn: bool = False


def connect(lost: Lost) -> None:
    """Complaints lost by shop between two instants: a room above counts them (config/subscriptions.py)."""
    _lost[:] = [lost]


def complaints_lost(at: datetime) -> Mapping[UUID, int]:
    return _lost[0](at - LOOK_BACK, at) if _lost else {}


def of_shop(merchant: Merchant, *, lost: int, last: datetime | None, month: date, at: datetime) -> Risk:
    """From rows of the day; the same rows give the same score."""
    weights = policies.value(POLICY, at)
    points = ladder.points(merchant.pk, at=at)
    parts = [
        _part(Reason.POINTS, points, points * weights["points"]),
        _part(Reason.COMPLAINTS, lost, lost * weights["complaint"]),
        _part(Reason.GRADE, merchant.grade, weights["grades"].get(merchant.grade, 0)),
        _since_last(last, weights, at),
    ]
    reasons = tuple(part for part in parts if part["adds"])
    score = sum(part["adds"] for part in reasons)
    if score >= weights["threshold"]:
        return Risk(score, reasons)
    number = lot(merchant.pk, month)
    if number < weights["sample_permille"]:
        drawn = {"code": str(Reason.LOT), "n": number, "adds": weights["sample_permille"]}
        return Risk(score, (*reasons, drawn), drawn=True)
    return Risk(score, ())


def lot(merchant_id: UUID, month: date) -> int:
    """A shop's number of the month, 0 to 999: anybody can work it out again, nobody can choose it."""
    digest = hashlib.sha256(f"{month.isoformat()} {merchant_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1000


def last_looks() -> Mapping[UUID, datetime]:
    """When each shop was last inspected."""
    rows = Inspection.objects.order_by("inspected_at").values_list("merchant_id", "inspected_at")
    return {merchant_id: at for merchant_id, at in rows if at is not None}


def _since_last(last: datetime | None, weights: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    if last is None:
        return _part(Reason.NEVER, 0, weights["never"])
    months = int(weights["months"])
    return _part(Reason.LONG_AGO, months, weights["long_ago"] if last < at - months * MONTH else 0)


def _part(code: Reason, number: int | str, adds: int) -> dict[str, Any]:
    return {"code": str(code), "n": number, "adds": int(adds)}
