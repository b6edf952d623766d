"""Wiring at start: who listens to what is handed to the low floors (the one file with late imports)."""

from __future__ import annotations

import sys

from django.apps import AppConfig
from django.conf import settings


class WiringConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from accounts.web import rates
        from config import (
            admin_names,
            assessment_checks,  # noqa: F401
            checks,  # noqa: F401
            inventory,
            inventory_checks,  # noqa: F401
            parties,
            subscriptions,
        )
        from deadlines import handlers as deadline_handlers
        from deadlines import moving
        from kernel import clock
        from outbox import bus
        from outbox.platform_clock import DatabaseSource
        from privacy import inventory as privacy_inventory

        admin_names.give_words()
        bus.connect(subscriptions.EVENTS)
        deadline_handlers.connect(subscriptions.DEADLINES)
        subscriptions.connect_rest()
        settings.ACCOUNT_RATE_LIMITS = rates.Rates()
        moving.connect([parties.has_a_part])
        privacy_inventory.install(inventory.ROOMS)
        if "pytest" not in sys.modules:
            clock.use(DatabaseSource())
