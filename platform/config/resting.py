"""The tasks' rest: none runs in a system that must not serve."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.conf import settings

from privacy import restored

log = logging.getLogger(__name__)


class ServingTask(Task):  # type: ignore[misc]
    """Does nothing while this system must not serve: the work is rows, another ring finds it."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if settings.CHECK_SERVING and (reason := restored.why_not()):
            log.critical("a task rests: this system must not serve", extra={"code": reason})
            return None
        return super().__call__(*args, **kwargs)
