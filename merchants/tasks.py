"""What runs by itself in the shops' room."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from merchants import rechecking


@shared_task(name="merchants.book_missing_rechecks")  # type: ignore[untyped-decorator]
def book_missing_rechecks(limit: int = 200, **_: object) -> int:
    """Give every selling shop its half-yearly clock; returns how many had none."""
    return rechecking.book_missing(at=clock.now(), limit=limit)
