"""Reviews and entries for tests: reached through the use cases, with the outbox drained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from credit import entries
from credit.models import Entry, Review
from credit.reviews import write_review
from kernel.actor import Actor
from kernel.ids import new_id
from orders.models import Order
from tests.builders.orders import an_order, drain

DELIVERED = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)
REVIEWED = DELIVERED + timedelta(days=3)
FINE = {"goods": 5, "description": 4, "delivery": 4, "aftersales": 5}


def a_review(
    *, order: Order | None = None, at: datetime = REVIEWED, text: str = "釉色比图里偏灰一点。", **changes: Any
) -> Review:
    """A review of the first line of a delivered order."""
    order = order or an_order(delivered_at=DELIVERED)
    line = order.lines.order_by("position")[0]
    actor = Actor.buyer(order.subject_id)
    told = {**FINE, **changes}
    review = write_review(order_id=order.pk, line_id=line.pk, text=text, actor=actor, at=at, **told)
    drain(at=at)
    return review


def an_entry(merchant: Any, kind: str = "dispatched_on_time", *, at: datetime, **changes: Any) -> Entry:
    """A fact about a shop, with a reference of its own."""
    made = entries.record(
        merchant_id=merchant.pk, kind=kind, reference=new_id(), happened_at=at, at=at, **changes
    )
    assert made is not None
    return made
