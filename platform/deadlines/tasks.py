"""The sweep as a Celery task: a second way in, beside the supervised loop."""

from __future__ import annotations

from celery import shared_task

from deadlines import near
from deadlines.sweep import sweep_all


@shared_task(name="deadlines.sweep", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def sweep(**_: object) -> None:
    sweep_all()


@shared_task(name="deadlines.tell_before", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def tell_before(**_: object) -> None:
    near.tell()
