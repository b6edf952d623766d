"""What runs by itself in the catalogue."""

from __future__ import annotations

from celery import shared_task

from catalog import stock
from kernel import clock


@shared_task(name="catalog.release_orphans")  # type: ignore[untyped-decorator]
def release_orphans(limit: int = 200, **_: object) -> int:
    """Give back pieces that are held long past their time; returns how many orders."""
    return stock.release_orphans(at=clock.now(), limit=limit)
