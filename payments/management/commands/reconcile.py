"""`manage reconcile --day D`: fetch every provider's statement of a day and compare it with our books."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from payments import calls, reconciled, statements
from payments.gateways import registry
from payments.gateways.transport import over_http

# Exit codes: both sides agree, they differ, or a provider gave no statement (yet).
AGREED, DIFFERS, NO_STATEMENT = 0, 1, 2
# A worker may have taken the question up first; then its answer is there in a moment.
TRIES, PAUSE_SECONDS = 10, 0.3


class Command(BaseCommand):
    help = "Compare the payment providers' statements of a day with our books (exit 1: they differ)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", required=True, help="YYYY-MM-DD, by each provider's own calendar")
        parser.add_argument("--provider", choices=sorted(registry.GATEWAYS), help="only this one")
        parser.add_argument("--json", action="store_true", help="for machines")

    def _compared(self, names: Sequence[str], day: date, *, at: datetime) -> list[dict[str, Any]]:
        """What came, waiting a little for a statement that a worker is fetching just now."""
        for _ in range(TRIES):
            calls.make_due(post=over_http, at=at)
            found = [reconciled.day_of(name, day, at=at).as_json() for name in names]
            if all(one["state"] == "read" for one in found):
                break
            sleep(PAUSE_SECONDS)
        return found

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = date.fromisoformat(options["day"])
        except ValueError:
            raise CommandError(f"{options['day']}: write the day as YYYY-MM-DD") from None
        at = clock.now()
        offered = [one for one in registry.GATEWAYS.values() if one.is_offered()]
        names = [options["provider"]] if options["provider"] else [one.name for one in offered]
        if any(day > statements.yesterday(registry.gateway(name), at=at) for name in names):
            raise CommandError(f"{day}: the day isn't over")
        for name in names:
            statements.ask(provider=name, day=day, at=at)
        found = self._compared(names, day, at=at)
        text = json.dumps({"day": str(day), "providers": found}, ensure_ascii=False)
        self.stdout.write(text if options["json"] else json.dumps(found, ensure_ascii=False, indent=1))
        if any(one["state"] != "read" for one in found):
            sys.exit(NO_STATEMENT)
        sys.exit(DIFFERS if any(one["differences"] for one in found) else AGREED)
