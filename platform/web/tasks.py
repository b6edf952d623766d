"""Housekeeping of the plumbing."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from web import idempotency


@shared_task  # type: ignore[untyped-decorator]
def reap_idempotency_keys(**_: object) -> int:
    return idempotency.reap(at=clock.now())
