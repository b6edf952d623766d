"""Anybody asks whether a code is genuine; the answer costs the same whether we know it or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q

from catalog import brand_direct, serial_alarms, serial_codes
from catalog.models import Listing, SerialCheck, SerialCode
from catalog.serial_kinds import AlarmKind
from privacy import blind_index
from rulebook import policies

# Asked about in the place of a code that we don't know.
NOBODY = UUID(int=0)
POLICY, PLACE = "catalog.serial_alarm", "catalog.serial_place"


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` is None for everything that we don't vouch for, whatever the reason.

    `before` counts earlier questions about it, `since` is the first of them.
    """

    code: SerialCode | None
    before: int = 0
    since: datetime | None = None
    still_direct: bool = False


@transaction.atomic
def ask(*, text: str, network: str, at: datetime) -> Answer:
    """Answer and remember that it was asked; `network` is a keyed digest and is made another each day.

    The same statements run for a wrong, an unknown and a known code; only what we vouch for reads more.
    """
    digests = [serial_codes.digest(each) for each in serial_codes.readings(text)]
    rows = SerialCode.objects.filter(digest__in=digests).select_related(
        "listing__merchant", "listing__live_revision"
    )
    code = rows.order_by("batch__made_at", "pk").first()
    place = blind_index.of(PLACE, f"{at.date().isoformat()}|{network}")[:16]
    days = policies.value(POLICY, at)["days"]
    asked = SerialCheck.objects.filter(code_id=code.pk if code else NOBODY).aggregate(
        before=Count("pk"),
        since=Min("at"),
        recent=Count("pk", filter=Q(at__gt=at - timedelta(days=days))),
        places=Count("place", distinct=True, filter=Q(at__gt=at - timedelta(days=days)) & ~Q(place=place)),
    )
    SerialCheck.objects.create(code=code, merchant_id=code.merchant_id if code else None, place=place, at=at)
    if code is None:
        return Answer(None)
    _alarm(code, asked["recent"] + 1, asked["places"] + 1, at)
    direct = Listing.objects.filter(brand_direct.is_direct(at), pk=code.listing_id).exists()
    return Answer(code, asked["before"], asked["since"], direct)


def figures(code_id: UUID) -> dict[str, object]:
    """How often and from how many networks it was asked about, first and last; for staff."""
    return SerialCheck.objects.filter(code_id=code_id).aggregate(
        checks=Count("pk"), places=Count("place", distinct=True), since=Min("at"), last=Max("at")
    )


def _alarm(code: SerialCode, checks: int, places: int, at: datetime) -> None:
    limits = policies.value(POLICY, at)
    if checks >= limits["checks"] and places >= limits["places"]:
        serial_alarms.sound(code, AlarmKind.ASKED_OFTEN, at=at)
