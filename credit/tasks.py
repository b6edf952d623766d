"""What runs again and again for credit: a step of the supervised loop, and the same as Celery tasks."""

from __future__ import annotations

from celery import shared_task

from credit import grading
from kernel import clock
from kernel.actor import Actor


def recalculate_waiting(*, limit: int = 50) -> int:
    """Shops with new entries; gives how many."""
    return grading.recalculate_waiting(at=clock.now(), actor=Actor.system(), limit=limit)


@shared_task(name="credit.recalculate_waiting", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def recalculate_waiting_task(**_: object) -> None:
    recalculate_waiting(limit=500)


@shared_task(name="credit.recalculate_all", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def recalculate_all(**_: object) -> None:
    """Every night: facts fade from day to day."""
    grading.recalculate_all(at=clock.now(), actor=Actor.system())
