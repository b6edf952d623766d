"""`manage privacy WORD`: JSON alone on stdout, progress on stderr, a refusal as one line and exit code 2."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from privacy.commands import erase, inventory, residue, rotate
from privacy.keyring import KeyDestroyed
from privacy.master import MasterKeyMissing
from privacy.sealing import SealBroken


class Word(Protocol):
    """A module of `privacy.commands`."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: dict[str, Any], tell: Callable[[str], None]) -> Any: ...


WORDS: tuple[Word, ...] = (erase, inventory, residue, rotate)


def _well(found: Any) -> int:
    return 0


class Command(BaseCommand):
    help = "What is held about people, and their keys: " + ", ".join(word.NAME for word in WORDS)

    def add_arguments(self, parser: ArgumentParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        for word in WORDS:
            own = words.add_parser(word.NAME, help=word.HELP)
            own.add_argument("--json", action="store_true", help="on one line")
            word.add_arguments(own)

    def handle(self, *args: Any, **options: Any) -> None:
        word = next(each for each in WORDS if options["word"] == each.NAME)
        try:
            found = word.run(options, self._tell)
        except DomainError as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except CommandError as refused:
            refused.returncode = 2
            raise
        except (KeyDestroyed, MasterKeyMissing, SealBroken) as broken:
            raise CommandError(f"{type(broken).__name__}: {broken}", returncode=2) from broken
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=None if options["json"] else 2))
        code = getattr(word, "exit_code", _well)(found)
        if code:
            sys.exit(code)

    def _tell(self, line: str) -> None:
        self.stderr.write(line, ending="\n")
