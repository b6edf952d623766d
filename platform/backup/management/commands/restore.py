"""`manage restore`: put a backup back, then forget again whom the platform had forgotten."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backup import finishing, restoring
from backup.refusals import Refused
from kernel import clock
from privacy.journal import JournalBroken


class Command(BaseCommand):
    help = "Put the backup in DIR back into an empty database. Run as the owner, with the site stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keys", type=Path, help="where the key part is (default: DIR/keys)")
        parser.add_argument("--without-keys", action="store_true", help="sealed fields stay unreadable")
        parser.add_argument("--passphrase-file", type=Path)
        parser.add_argument("--journal-lost", action="store_true", help="no copy of the journal is left")
        parser.add_argument("--force", action="store_true", help="replace what is in the database")
        parser.add_argument("--no-replay", action="store_true", help="stop before the tombstones")
        parser.add_argument("--role", action="append", dest="roles", default=[])
        parser.add_argument("--json", action="store_true", help="figures for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].absolute()
        keys = None if options["without_keys"] else (options["keys"] or folder / "keys").absolute()
        wish = restoring.Wish(
            folder / "data",
            keys,
            options["passphrase_file"],
            force=options["force"],
            lost_journal=options["journal_lost"],
            roles=tuple(options["roles"]),
        )
        began = time.monotonic()
        try:
            back = restoring.put_back(wish, at=datetime.now(UTC))
            done = None if options["no_replay"] else finishing.finish(at=clock.now())
        except (Refused, JournalBroken) as problem:
            raise CommandError(str(problem)) from None
        seconds = round(time.monotonic() - began, 2)
        if options["json"]:
            facts = {name: str(getattr(back, name)) for name in back.__slots__}
            after = {name: getattr(done, name) for name in finishing.Finished.__slots__} if done else {}
            self.stdout.write(json.dumps({**facts, **after, "seconds": seconds}))
            return
        self._say(back, done, seconds)

    def _say(self, back: restoring.PutBack, done: finishing.Finished | None, seconds: float) -> None:
        self.stdout.write(f"{back.rows} rows of {back.taken_at:%Y-%m-%d %H:%M} are back after {seconds} s.")
        if back.leaves_lost:
            self.stderr.write(
                f"The log went back: {back.leaves_lost} entries that were in it are gone."
                " Receipts given for them can't be proven any more; tell the people who hold them."
            )
        if back.files_missing:
            self.stderr.write(f"{back.files_missing} stored files have no content.")
        if done is None:
            self.stdout.write("Nothing is served until `restored replay` has replayed the tombstones.")
            return
        self.stdout.write(
            f"{done.tombstones} erased again, {done.fired} deadlines fired, {done.handled} facts handed on.\n"
            f"{done.letters_held} letters wait for your word (`restored letters --send` or `--drop`): they"
            " may have left before.\nPayouts are frozen until the books were compared (`restored books`);"
            f" of their own rules {done.offences} are broken."
        )
