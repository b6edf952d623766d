"""`manage load_categories`: categories and their disclosure schemas from the data files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from catalog.categories import load_categories
from kernel import clock


class Command(BaseCommand):
    help = "Load the categories and their disclosure schemas; run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = load_categories(at=clock.now())
        self.stdout.write(f"categories: {changed} changed")
