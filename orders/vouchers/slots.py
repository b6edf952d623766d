"""Times that a shop offers for a service: each with its place and so many seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from catalog.models import Listing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders.models import AppointmentState, Slot
from orders.models.appointments import MOST_SEATS
from rulebook import policies

LIMITS = "appointment.limits"
SERVICES = "services"


class TimeInvalid(Invalid):
    code = "offered_time_invalid"
    message = N_("Choose a beginning in the future and an end after it, at most %(hours)s hours long.")


class SeatsInvalid(Invalid):
    code = "offered_seats_invalid"
    message = N_("Enter for how many people: a whole number from 1 to %(most)s.")


class PlaceNeeded(Invalid):
    code = "offered_place_needed"
    message = N_("Say where it takes place, so that nobody stands before the wrong door.")


class NotAService(Invalid):
    code = "not_a_service"
    message = N_("Choose one of your services: times are offered only for those.")


class TimeTaken(Invalid):
    code = "offered_time_taken"
    message = N_("This time is offered already at that place. Choose another one.")


class TimeHasAppointments(DomainError):
    code = "offered_time_has_appointments"
    message = N_("Somebody has an appointment then. Cancel the appointments first: their buyers are told.")


@dataclass(frozen=True, slots=True)
class Offered:
    """What a shop writes down about a time."""

    listing_id: UUID
    starts_at: datetime
    ends_at: datetime
    capacity: int
    place: str


@transaction.atomic
def offer(
    *, merchant_id: UUID, offered: Offered, weeks: int = 1, actor: Actor, at: datetime
) -> Sequence[Slot]:
    """Offer a time, and the same one in the weeks after it where `weeks` is more than one.

    :raises NotAService, TimeInvalid, SeatsInvalid, PlaceNeeded, TimeTaken: with the field to change
    """
    limits = policies.value(LIMITS, at)
    _check(merchant_id, offered, limits, at=at)
    if not 1 <= weeks <= int(limits["weeks"]):
        raise TimeInvalid(field="weeks", hours=int(limits["hours"]))
    made = [
        Slot(
            merchant_id=merchant_id,
            listing_id=offered.listing_id,
            starts_at=offered.starts_at + timedelta(weeks=number),
            ends_at=offered.ends_at + timedelta(weeks=number),
            capacity=offered.capacity,
            place=offered.place.strip(),
            offered_at=at,
        )
        for number in range(weeks)
    ]
    try:
        with transaction.atomic():
            Slot.objects.bulk_create(made)
    except IntegrityError as clash:
        if "a_time_is_offered_once" not in str(clash):
            raise
        raise TimeTaken(field="starts_at") from clash
    return made


def _check(merchant_id: UUID, offered: Offered, limits: dict[str, int], *, at: datetime) -> None:
    own = Listing.objects.filter(pk=offered.listing_id, merchant_id=merchant_id, category_id=SERVICES)
    if not own.exists():
        raise NotAService(field="listing")
    length = offered.ends_at - offered.starts_at
    if offered.starts_at <= at or not timedelta() < length <= timedelta(hours=int(limits["hours"])):
        raise TimeInvalid(field="starts_at", hours=int(limits["hours"]))
    if not 1 <= offered.capacity <= MOST_SEATS:
        raise SeatsInvalid(field="capacity", most=MOST_SEATS)
    if not offered.place.strip():
        raise PlaceNeeded(field="place")


@transaction.atomic
def close(*, merchant_id: UUID, slot_id: UUID, actor: Actor, at: datetime) -> Slot:
    """Offer this time no longer; twice is once.

    :raises NotFound: also for another shop's; TimeHasAppointments
    """
    slot = Slot.objects.of_merchant(merchant_id).locked(slot_id)
    if slot.appointments.filter(state=AppointmentState.BOOKED).exists():
        raise TimeHasAppointments()
    if slot.closed_at is None:
        slot.closed_at = at
        slot.save(update_fields=["closed_at"])
    return slot


def open_for(listing_id: UUID, *, after: datetime, until: datetime | None) -> list[Slot]:
    """The times that can still be booked, with the `seats` left, the earliest first."""
    found = Slot.objects.filter(listing_id=listing_id, closed_at__isnull=True, starts_at__gt=after)
    if until is not None:
        found = found.filter(ends_at__lte=until)
    booked = Count("appointments", filter=Q(appointments__state=AppointmentState.BOOKED))
    return list(
        found.annotate(seats=F("capacity") - booked).filter(seats__gt=0).order_by("starts_at", "id")[:100]
    )
