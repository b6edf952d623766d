"""`manage restored …`: the steps after a restore, one by one."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backup import finishing
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from notifications import delivery
from payments import invariants
from privacy import journal, restored
from privacy.models import Restoration


class Command(BaseCommand):
    help = "After a restore: status, replay the tombstones, decide on letters, open the books."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="what still waits, as JSON")
        verbs.add_parser("replay", help="erase again whom the journal names; then the site serves")
        letters = verbs.add_parser("letters", help="copies that may have left before the restore")
        choice = letters.add_mutually_exclusive_group(required=True)
        choice.add_argument("--send", action="store_true")
        choice.add_argument("--drop", action="store_true")
        books = verbs.add_parser("books", help="payouts may go on")
        books.add_argument("--compared-with", required=True, help="which statement of which provider")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = getattr(self, f"_{options['verb']}")(options)
        except (DomainError, journal.JournalBroken) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(json.dumps(said))

    def _status(self, options: dict[str, Any]) -> dict[str, Any]:
        until = restored.letters_held_until()
        return {
            "refuses_to_serve": restored.why_not(),
            "payouts_frozen": restored.payouts_frozen(),
            "letters_held": delivery.held(until=until) if until else 0,
            "offences": {rule: count for rule, count in invariants.report() if count},
        }

    def _replay(self, options: dict[str, Any]) -> dict[str, Any]:
        done = finishing.finish(at=clock.now())
        return {name: getattr(done, name) for name in finishing.Finished.__slots__}

    def _letters(self, options: dict[str, Any]) -> dict[str, Any]:
        dropped = 0
        for one in Restoration.objects.filter(letters_at__isnull=True, letters_until__isnull=False):
            restored.decide_letters(
                restoration_id=one.pk, send=options["send"], actor=Actor.system(), at=clock.now()
            )
            if options["drop"] and one.letters_until is not None:
                dropped += delivery.drop_held(until=one.letters_until)
        return {"dropped": dropped}

    def _books(self, options: dict[str, Any]) -> dict[str, Any]:
        offences, opened = sum(count for _, count in invariants.report()), 0
        for one in Restoration.objects.filter(books_at__isnull=True):
            restored.open_books(
                restoration_id=one.pk,
                compared_with=options["compared_with"],
                offences=offences,
                actor=Actor.system(),
                at=clock.now(),
            )
            opened += 1
        return {"opened": opened}
