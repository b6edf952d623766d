"""Load the law packs, calendars, policies and platform rules that come with the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from kernel.actor import Actor
from rulebook import loading


class Command(BaseCommand):
    help = "Load the bundled law packs, calendars, policies and platform rules; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in loading.load_bundled(actor=Actor.system(), at=clock.now()):
            self.stdout.write(f"loaded {line}")
