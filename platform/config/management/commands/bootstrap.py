"""What an installation needs beside its tables; safe to run at every start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.seeding import seed
from kernel import clock
from outbox import platform_clock
from privacy import master


class Command(BaseCommand):
    help = "Make the master key (not in production), set the clock row, load rulebook and categories."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRODUCTION and not settings.KEY_SERVICE:
            master.create(settings.MASTER_KEY_FILE)
        try:
            master.prepare()
        except master.MasterKeyMissing as wrong:
            raise CommandError(str(wrong)) from wrong
        platform_clock.allow_shifting(allowed=not settings.PRODUCTION)
        loaded = len(list(seed(at=clock.now())))
        if loaded:
            self.stdout.write(f"{loaded} packs, calendars, policies and texts are new")
