"""`manage backup`: both parts of a backup, while the site runs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backup import taking
from backup.refusals import Refused
from kernel import clock


class Command(BaseCommand):
    help = (
        "Write DIR/data (everything except keys) and DIR/keys (keys only): keep them apart. Run as the owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--keys", type=Path, help="write the key part here instead: another medium")
        parser.add_argument("--passphrase-file", type=Path, help="seal both parts under its words")
        parser.add_argument("--json", action="store_true", help="figures for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].absolute()
        keys: Path = (options["keys"] or folder / "keys").absolute()
        began = time.monotonic()
        try:
            taken = taking.take(
                taking.Wish(folder / "data", keys, options["passphrase_file"]), at=clock.now()
            )
        except Refused as problem:
            raise CommandError(str(problem)) from None
        seconds = time.monotonic() - began
        figures = {name: getattr(taken, name) for name in taken.__slots__} | {"seconds": round(seconds, 2)}
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(
            f"Backup {taken.backup_id}: {taken.rows} rows in {seconds:.1f} s,"
            f" data {taken.data_bytes / 2**20:.1f} MB, keys {taken.key_bytes / 2**20:.1f} MB,"
            f" database {taken.database_bytes / 2**20:.1f} MB.\n"
            f"Data: {folder / 'data'}\nKeys: {keys}\n"
            "Carry the two to different media. Neither holds the master key nor the tombstone journal:"
            " keep copies of both elsewhere."
        )
        if options["passphrase_file"] is None:
            self.stderr.write(
                "It is not sealed (--passphrase-file): whoever holds it reads what isn't personal."
            )
