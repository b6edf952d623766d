"""Copies as a step of the worker's loop and as a Celery task."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from privacy import copying


def build_copies() -> int:
    return copying.build_next(at=clock.now())


@shared_task(name="privacy.build_copies", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def build_copies_task(**_: object) -> None:
    while build_copies():
        pass
