"""The rest of what runs by itself: in a system that must not serve, and while past days are played."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.conf import settings

from outbox import platform_clock
from privacy import restored

PLAYED = "past_days_are_played"

log = logging.getLogger(__name__)


def why() -> str:
    """Why nothing may run by itself now, as a code; empty when it may.

    A demonstration sweeps at the instants that it plays: to anybody at today's all of them are long due.
    """
    return restored.why_not() or (PLAYED if platform_clock.is_played() else "")


def level_of(reason: str) -> int:
    """A system that must not serve is an alarm; a demonstration being made is none."""
    return logging.INFO if reason == PLAYED else logging.CRITICAL


class ServingTask(Task):  # type: ignore[misc]
    """Does nothing while it must rest: the work is rows, another ring finds it."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if settings.CHECK_SERVING and (reason := why()):
            log.log(level_of(reason), "a task rests", extra={"code": reason})
            return None
        return super().__call__(*args, **kwargs)
