"""The sweep of waiting letters."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from notifications.delivery import deliver_due


@shared_task(name="notifications.deliver_letters", acks_late=True)  # type: ignore[untyped-decorator]
def deliver_letters(*, limit: int = 200, **_: object) -> int:
    """How many copies left. The supervised loop calls it too: a lost task costs nothing."""
    return deliver_due(limit=limit, at=clock.now())
