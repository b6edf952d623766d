"""`privacy rotate`: new master and data keys while the site runs; after a kill it goes on where it stood."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError

NAME = "rotate"
HELP = "new master and data keys, everything sealed anew under them"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--subject", help="data keys of one subject only")


def run(options: dict[str, Any], tell: Callable[[str], None]) -> Any:
    raise CommandError("rotation comes with the next change")
