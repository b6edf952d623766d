"""`manage oversight figures`: what came of reports, for people and, with --json, for programs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel import clock
from oversight import figures


class Command(BaseCommand):
    help = "The public figures of reported violations: figures [--json]."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["figures"])
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        data = figures.as_data(figures.of_year(at=clock.now()))
        if options["as_json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        for name in ("reports", "matters", "running", "decided_in_time", "late"):
            self.stdout.write(f"{name}: {data[name]}")
