"""The times at which a carrier comes to the door, and what became of a visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deadlines import booking
from orders.models import Collection, ReturnLabel
from rulebook import policies, promises

POLICY = "carrier.collection"
CLOCK = "silence.collection"
KIND = "returns.collection"
Times = list[tuple[datetime, datetime]]


def offered(*, at: datetime, zone: str) -> Times:
    """Begin and end of each visit that can be booked at `at`, in the zone of the buyer's law."""
    told, local = policies.value(POLICY, at), at.astimezone(ZoneInfo(zone))
    earliest = at + timedelta(minutes=int(told["notice_minutes"]))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight + timedelta(days=day) for day in range(int(told["days"]) + 1))
    found = [
        (day.replace(hour=begins), day.replace(hour=ends)) for day in days for begins, ends in told["hours"]
    ]
    return [(begins, ends) for begins, ends in found if begins >= earliest]


def running(label: ReturnLabel) -> Collection | None:
    return Collection.objects.filter(label=label, ended_at__isnull=True).first()


def end(visit: Collection, cause: str, *, at: datetime) -> None:
    """What became of it; nobody needs to know any more where it was."""
    visit.ended_at, visit.cause = at, cause
    visit.contact = visit.phone = visit.address = None
    visit.save(update_fields=["ended_at", "cause", "contact", "phone", "address"])
    booking.cancel(kind=KIND, reference=visit.pk, at=at)


def watch(visit: Collection, *, place: str, at: datetime) -> None:
    """So long after its end without a scan nobody came."""
    window = promises.due(CLOCK, start=visit.ends_at, at=at, place=place)
    booking.book(kind=KIND, reference=visit.pk, at=at, **window.as_booking())
