"""The Celery app: a doorbell, never the memory of anything owed."""

from __future__ import annotations

import os
from importlib import import_module

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# By name: this module is read before there are models.
app = Celery("anxin", task_cls="config.resting:ServingTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def _take_schedule(sender: Celery, **_: object) -> None:
    sender.conf.beat_schedule = import_module("config.schedule").BEAT
