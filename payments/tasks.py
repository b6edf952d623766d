"""What the supervised loop does for payments; the same as Celery tasks."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from payments import calls
from payments.gateways.transport import over_http
from payments.sandbox import deliveries


def step(*, limit: int = 50) -> int:
    """Make due provider calls and let the sandbox deliver its notices, over HTTP; gives how many."""
    now = clock.now()
    made = calls.make_due(post=over_http, at=now, limit=limit)
    return made + deliveries.deliver_due(post=over_http, at=now, limit=limit)


@shared_task(name="payments.step", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def step_task(**_: object) -> None:
    step(limit=500)
