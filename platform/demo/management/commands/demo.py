"""`manage demo`: the demo marketplace."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import counting, running, sign_ins
from kernel import clock

FOOD = "catalog/data/openfoodfacts"
IMPORT = (
    "Real food data to import: python3 dev manage import_listings"
    f" {FOOD}/products.csv.gz --columns {FOOD}/columns.json --merchant yuanfan-import"
)


class Command(BaseCommand):
    help = "Make the demo marketplace through the use cases, or take it up again where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="about 40 orders only, in a few seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo marketplace is never made in production.")
        begun = time.monotonic()
        try:
            played = running.make(now=clock.now(), small=options["small"], report=self._report)
        except running.NotHere as error:
            raise CommandError(str(error)) from error
        if not played.steps:
            self.stdout.write("The demo marketplace is there already.")
            return
        sign_ins.write(played.script.content, settings.ENV.data)
        for line in counting.report():
            self.stdout.write(line)
        for what, number in played.refused.items():
            self.stdout.write(f"refused by the rules: {what} × {number}")
        self.stdout.write(f"{played.steps} steps in {time.monotonic() - begun:.0f} s")
        self.stdout.write(IMPORT)
        troubles = counting.troubles()
        if troubles:
            raise CommandError("\n".join(["The demo has troubles:", *troubles[:20]]))

    def _report(self, percent: int, text: str) -> None:
        if percent > getattr(self, "_percent", -5) + 3:
            self._percent = percent
            self.stdout.write(f"{percent:3} %  {text}")
            self.stdout.flush()
