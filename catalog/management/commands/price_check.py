"""`manage price_check --variant ID --at ISO --place CC`: how high a crossed-out price may be, and why."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog import access, pricing
from catalog.models import Listing
from kernel.errors import DomainError
from law.instants import parse_instant
from law.pricing import Basis, Permitted
from rulebook import current

SAID = {
    Basis.LOWEST_DEAL: "the lowest deal of the period",
    Basis.LAST_DEAL: "no deal in the period: the last one before it",
    Basis.LOWEST_ASKED: "the lowest price asked in the period",
    Basis.LAST_ASKED: "goods that spoil: the last price asked",
    Basis.BEFORE_RAISE: "raised in the period: the price before the rise",
    Basis.NO_DEAL: "nothing was ever sold: no price may stand crossed out",
    Basis.NEVER_ASKED: "no price was ever asked: none may stand crossed out",
    Basis.TOO_NEW: "on sale for less than the period: no price may stand crossed out",
    Basis.NO_RULE: "this law has no rule of reference prices: nothing is permitted",
}


class Command(BaseCommand):
    help = "The highest crossed-out price that may be shown for a variant, by the law of the buyer's place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--variant", required=True, help="its id, or the id of a listing with one variant"
        )
        parser.add_argument(
            "--at", required=True, help="when it would be shown, such as 2026-11-21T10:00+08:00"
        )
        parser.add_argument("--place", default=current.HOME, help="where the buyer is: CN, FR, DE …")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            at = parse_instant(options["at"])
            listing, variant_id = access.any_variant(options["variant"])
            found = pricing.permitted(listing, variant_id, at=at, place=options["place"].upper())
        except DomainError as error:
            raise CommandError(f"{options['variant']}: {error}", returncode=2) from error
        answer = told(listing, variant_id, found, at=at, place=options["place"].upper())
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for key, value in answer.items():
            self.stdout.write(f"{key:14} {value if value is not None else '–'}")


def told(
    listing: Listing, variant_id: UUID, found: Permitted, *, at: datetime, place: str
) -> dict[str, object]:
    """The answer as plain data: whole minor units of one piece with its freight, instants in UTC."""
    ceiling = found.ceiling
    return {
        "variant": str(variant_id),
        "listing": str(listing.pk),
        "place": place,
        "at": at.isoformat(),
        "permitted_minor": ceiling.minor if ceiling else None,
        "currency": ceiling.currency if ceiling else None,
        "permitted": ceiling.decimal_text if ceiling else None,
        "basis": str(found.basis),
        "basis_at": found.price_at.isoformat() if found.price_at else None,
        "counted": found.counted,
        "window_from": found.since.isoformat() if found.since else None,
        "window_until": found.until.isoformat() if found.until else None,
        "rule_id": found.rule_id or None,
        "pack_version": found.pack_version,
        "confidence": str(found.confidence) if found.confidence else None,
        "why": SAID[found.basis],
    }
