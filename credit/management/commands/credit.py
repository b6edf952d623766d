"""`manage credit recompute --all`, `manage credit explain --merchant SLUG`: the nightly run, and one why."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credit import explaining, grading, standards
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import access
from merchants.models import Merchant


class Command(BaseCommand):
    help = "Reckon credit again, or explain one shop's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["recompute", "explain"])
        parser.add_argument("--all", action="store_true", help="every admitted shop")
        parser.add_argument("--merchant", help="one shop, by its slug")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["all"] and not options["merchant"]:
            raise CommandError("name a shop with --merchant SLUG, or recompute --all")
        run = self._recompute if options["what"] == "recompute" else self._explain
        try:
            found = run(options)
        except DomainError as refusal:
            raise CommandError(f"{options['merchant']}: {refusal}") from refusal
        text = json.dumps(found, ensure_ascii=False, indent=None if options["json"] else 1)
        self.stdout.write(text)

    def _recompute(self, options: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        at, actor = clock.now(), Actor.system()
        if options["merchant"]:
            grading.recalculate(merchant_id=self._shop(options).pk, at=at, actor=actor)
            number = 1
        else:
            number = grading.recalculate_all(at=at, actor=actor)
        return {"shops": number, "seconds": round(time.monotonic() - begun, 3)}

    def _explain(self, options: dict[str, Any]) -> dict[str, Any]:
        merchant, at = self._shop(options), clock.now()
        found = grading.reckon(merchant, at=at)
        numbers = explaining.counts(explaining.facts_of(merchant.pk, at=at))
        return {
            "merchant": merchant.slug,
            "at": at.isoformat(),
            "standard": standards.in_force(at).version,
            "grade": found.grade,
            "score_permille": found.permille,
            "orders": found.orders,
            "days": found.days,
            "parts": explaining.parts_as_data(found),
            "entries": dict(sorted(numbers.items())),
        }

    def _shop(self, options: dict[str, Any]) -> Merchant:
        if not options["merchant"]:
            raise CommandError("name a shop with --merchant SLUG")
        return access.any_merchant(options["merchant"])
