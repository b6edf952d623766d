"""`privacy inventory`: every column about people, with its class, ground, readers, fate and rows."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from kernel import clock
from privacy import listing

NAME = "inventory"
HELP = "every column about people: class, purpose, ground, readers, what erasure does, how many rows"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--table", help="one table only")


def run(options: dict[str, Any], tell: Callable[[str], None]) -> Any:
    found = listing.listing(at=clock.now())
    if options["table"]:
        found["entries"] = [each for each in found["entries"] if each["table"] == options["table"]]
    tell("{columns} columns about people in {tables} tables, {sealed} sealed".format(**found["counts"]))
    return found
