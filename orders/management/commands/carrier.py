"""`manage carrier TRACKING KIND`: the sandbox carrier reports a scan."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.errors import DomainError
from orders import receiving
from orders.parcels import KINDS


class Command(BaseCommand):
    help = "Let the sandbox carrier report what it saw of a parcel (signed like its webhook)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tracking", help="the parcel's tracking number")
        parser.add_argument("kind", choices=KINDS)

    def handle(self, *args: Any, **options: Any) -> None:
        number = "".join(options["tracking"].split()).upper()
        try:
            scan = receiving.play_sandbox(tracking_number=number, kind=options["kind"], at=clock.now())
        except DomainError as refusal:
            raise CommandError(f"{number}: {refusal}") from refusal
        self.stdout.write(f"{number} {scan.kind} {scan.happened_at:%Y-%m-%d %H:%M} UTC")
