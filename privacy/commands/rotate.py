"""`privacy rotate`: new master and data keys while the site runs; after a kill it goes on where it stood."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from kernel import clock
from privacy import master, rewrapping
from privacy.rotation import Pace, Report, RotationRefused, rotate

NAME = "rotate"
HELP = "new master and data keys, everything sealed anew under them"


def add_arguments(parser: ArgumentParser) -> None:
    aim = parser.add_mutually_exclusive_group()
    aim.add_argument("--subject", type=UUID, metavar="ID", help="the data key of one subject only")
    aim.add_argument("--master-only", action="store_true", help="wrap all keys under a new master key")
    aim.add_argument("--data-only", action="store_true", help="new data keys, the master key stays")
    aim.add_argument("--add", action="store_true", help="only add a master key that wraps nothing yet")
    aim.add_argument("--retire", action="store_true", help="only destroy master keys that wrap nothing")
    parser.add_argument("--batch", type=int, default=Pace.batch, help="rows per transaction")
    parser.add_argument(
        "--settle", type=float, default=Pace.settle, help="seconds in which every process hears of new keys"
    )


def run(options: dict[str, Any], tell: Callable[[str], None]) -> Any:
    began, at = time.monotonic(), clock.now()
    if options["add"]:
        return {"added": master.service().add()}
    if options["retire"]:
        return Report(retired=rewrapping.retire(at=at, tell=tell)).as_json()
    one = options["subject"]
    try:
        report = rotate(
            subject_id=one,
            with_master=not one and not options["data_only"],
            with_data=not options["master_only"],
            pace=Pace(max(1, options["batch"]), max(0.0, options["settle"])),
            at=at,
            tell=tell,
        )
    except RotationRefused as refused:
        raise CommandError(str(refused)) from refused
    return {**report.as_json(), "seconds": round(time.monotonic() - began, 1)}
