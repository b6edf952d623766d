"""`manage ledger check`: work out every rule of the money again; the exit says whether all hold."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel import clock
from payments import book_checks


class Command(BaseCommand):
    help = "Work out every rule of the money again (exit 1: one is broken)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["check"])
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = book_checks.run(at=clock.now())
        broken = sum(one.offences for one in checks)
        if options["json"]:
            rules = [{"rule": one.rule, "offences": one.offences} for one in checks]
            said = {"at": checks[0].checked_at.isoformat(), "rules": rules, "offences": broken}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for one in checks:
                self.stdout.write(f"{one.offences or 'ok':>6}  {one.rule}")
        sys.exit(1 if broken else 0)
