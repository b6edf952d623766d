"""Moving the platform's clock, for the demo and for trying things; refused in production."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import DomainError
from outbox import platform_clock
from outbox.models import PlatformClock

_LENGTH = re.compile(r"([+-]?)(\d{1,5})(d|h|min)")
_UNITS = {"d": "days", "h": "hours", "min": "minutes"}


class Command(BaseCommand):
    help = "`time show`, `time shift +3d` (d, h or min; also -2h), `time reset`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["show", "shift", "reset"])
        parser.add_argument("by", nargs="?", default="")
        # argparse would take "-2h" for an option.
        parser.prefix_chars = "="

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["what"] == "shift":
                platform_clock.shift(by=length(options["by"]))
            elif options["what"] == "reset":
                platform_clock.shift(by=-_moved())
        except DomainError as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        now = platform_clock.database_now()
        self.stdout.write(f"{now.isoformat(timespec='seconds')} (moved by {_moved()})")


def _moved() -> timedelta:
    row = PlatformClock.objects.filter(id=1).first()
    return row.shift if row is not None else timedelta(0)


def length(text: str) -> timedelta:
    """ "+3d", "12h", "-30min" as a length.

    :raises CommandError: for anything else, with an example
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise CommandError("say by how much, as in: time shift +3d (d, h or min)", returncode=2)
    sign, number, unit = found.groups()
    moved = timedelta(**{_UNITS[unit]: int(number)})
    return -moved if sign == "-" else moved
