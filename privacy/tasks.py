"""Work of this room that runs again and again: steps of the worker's loop, and Celery tasks."""

from __future__ import annotations

import time

from celery import shared_task

from kernel import clock
from privacy import access_watch, copying, retention

# The supervised loop comes by every second; an hour's counting is done twice a minute.
REST_SECONDS = 30.0
_next = 0.0


def build_copies() -> int:
    return copying.build_next(at=clock.now())


# The loop comes by every second; the sweep is asked for once in a while.
_ASK_SECONDS = 300.0
_next_ask = 0.0


def sweep_retention() -> int:
    """Once a night, whichever process comes first; 1 when it swept."""
    global _next_ask
    if time.monotonic() < _next_ask:
        return 0
    _next_ask = time.monotonic() + _ASK_SECONDS
    return int(retention.sweep_when_due(at=clock.now()) is not None)


@shared_task(name="privacy.sweep_retention", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def sweep_retention_task(**_: object) -> None:
    retention.sweep_when_due(at=clock.now())


@shared_task(name="privacy.build_copies", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def build_copies_task(**_: object) -> None:
    while build_copies():
        pass


def watch_access() -> int:
    """One counting of the last hour, at most twice a minute; gives the number of new alarms."""
    global _next
    if time.monotonic() < _next:
        return 0
    _next = time.monotonic() + REST_SECONDS
    return access_watch.watch(at=clock.now())


@shared_task(name="privacy.watch_access", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def count_looks(**_: object) -> None:
    access_watch.watch(at=clock.now())
