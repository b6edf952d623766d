"""What runs by itself in the catalogue."""

from __future__ import annotations

from celery import shared_task

from catalog import (
    campaign_prices,
    paper_grace,
    placement_figures,
    reductions,
    shelf_version,
    stock,
    stock_alerts,
)
from catalog.importing import working
from kernel import clock


def import_files() -> int:
    """The next slice of a shop's file; gives the number of rows."""
    return working.work(at=clock.now())


@shared_task(name="catalog.import_files", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def import_files_task(**_: object) -> None:
    while import_files():
        pass


@shared_task(name="catalog.release_orphans")  # type: ignore[untyped-decorator]
def release_orphans(limit: int = 200, **_: object) -> int:
    """Give back pieces that are held long past their time; returns how many orders."""
    return stock.release_orphans(at=clock.now(), limit=limit)


@shared_task(name="catalog.sweep_reductions")  # type: ignore[untyped-decorator]
def sweep_reductions(limit: int = 200, **_: object) -> int:
    """Start price reductions and campaigns' prices on their day, end what is over; returns how many."""
    at = clock.now()
    return reductions.sweep(at=at, limit=limit) + campaign_prices.begin(at=at, limit=limit)


def tell_who_waits() -> int:
    """Letters to those who wait for what is back in stock; gives how many."""
    return stock_alerts.tell(at=clock.now())


@shared_task(name="catalog.tell_who_waits", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def tell_who_waits_task(**_: object) -> None:
    while tell_who_waits():
        pass


@shared_task(name="catalog.fold_marks")  # type: ignore[untyped-decorator]
def fold_marks(**_: object) -> int:
    """Put the marks of changed shelves together; returns how many rows went."""
    return shelf_version.fold()


def collect_placements() -> int:
    """Write down how often paid places were shown; gives how many days."""
    return placement_figures.collect(at=clock.now())


@shared_task(name="catalog.collect_placements", ignore_result=True)  # type: ignore[untyped-decorator]
def collect_placements_task(**_: object) -> None:
    collect_placements()


@shared_task(name="catalog.look_through_papers")  # type: ignore[untyped-decorator]
def look_through_papers(**_: object) -> int:
    """Tell shops whose goods demand a document that they lack; returns how many notices."""
    return paper_grace.look_through(at=clock.now())
