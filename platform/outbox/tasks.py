"""The relay as a Celery task: a second way in, beside the supervised loop."""

from __future__ import annotations

from celery import shared_task

from outbox import relay


@shared_task(name="outbox.drain", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def drain(**_: object) -> None:
    relay.drain(limit=500)
