"""Daily work that looks over several rooms."""

from __future__ import annotations

from celery import shared_task

from config import law_warnings
from kernel import clock


@shared_task(name="config.warn_of_years", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def warn_of_years(**_: object) -> None:
    law_warnings.warn_of_years(at=clock.now())
