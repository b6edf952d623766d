"""Daily work that looks over several rooms."""

from __future__ import annotations

from celery import shared_task

from config import law_warnings
from kernel import clock
from privacy import tombstones


@shared_task(name="config.warn_of_years", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def warn_of_years(**_: object) -> None:
    law_warnings.warn_of_years(at=clock.now())


@shared_task(name="config.settle_tombstones", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def settle_tombstones(**_: object) -> None:
    """The journal gets what a process that died right after its commit did not write there."""
    tombstones.settle()
