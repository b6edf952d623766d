"""`privacy residue`: what is left of a person; exit code 0 when every trace is explained, else 1."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from privacy import residue
from privacy.models import Subject

NAME = "residue"
HELP = "what is left of a person in tables, files, caches and mail; fails when a trace is unexplained"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--subject", required=True, help="the person's id")
    parser.add_argument("--known", help="a file with words of the person, one a line, to be searched for")


def run(options: dict[str, Any], tell: Callable[[str], None]) -> Any:
    try:
        found = residue.scan(UUID(options["subject"]), known=_known(options["known"]))
    except ValueError:
        raise CommandError(f"{options['subject']!r} is no id of a person") from None
    except Subject.DoesNotExist:
        raise CommandError(f"nobody has the id {options['subject']}") from None
    unexplained = [each for each in found.residues if not each.explained]
    tell(f"{len(found.residues)} traces, {len(unexplained)} of them unexplained")
    return found.as_json()


def exit_code(found: Any) -> int:
    return 0 if found["clean"] else 1


def _known(path: str | None) -> list[str]:
    if not path:
        return []
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"can't read {path}: {error.strerror}") from error
