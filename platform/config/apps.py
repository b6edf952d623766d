"""Wiring at start: who listens to what is handed to the low floors (the one file with late imports)."""

from __future__ import annotations

import sys

from django.apps import AppConfig
from django.conf import settings


class WiringConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import subscriptions  # noqa: PLC0415
        from deadlines import handlers as deadline_handlers  # noqa: PLC0415
        from kernel import clock  # noqa: PLC0415
        from outbox import bus  # noqa: PLC0415
        from outbox.platform_clock import DatabaseSource  # noqa: PLC0415

        from config import checks  # noqa: F401, PLC0415

        bus.connect(subscriptions.EVENTS)
        deadline_handlers.connect(subscriptions.DEADLINES)
        subscriptions.connect_rest()
        if "pytest" not in sys.modules:
            clock.use(DatabaseSource())
        if not settings.PRODUCTION:
            settings.DATABASES["default"]["OPTIONS"].setdefault("application_name", "anxin")
