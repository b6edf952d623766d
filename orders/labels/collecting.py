"""The carrier fetches a return at the buyer's door: booked, moved, cancelled, or nobody came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import claim_deadlines, deadlines
from orders.labels import issuing, visits
from orders.labels.events import CollectionMissed
from orders.labels.issuing import Back
from orders.lifecycle import prove
from orders.models import Collection, Order, Return, ReturnLabel
from orders.models.labels import CANCELLED, MISSED, MOVED
from orders.recipients import Recipient
from outbox import bus
from rulebook import current, policies


class TimeNotOffered(Invalid):
    code = "collection_time_not_offered"
    message = N_("The carrier doesn't come then any more. Choose one of those shown.")


class NotFetched(DomainError):
    code = "collection_not_offered"
    status = 422
    message = N_("The carrier doesn't come to your door where this order went. Drop it off with the label.")


class TooManyVisits(DomainError):
    code = "too_many_collections"
    message = N_(
        "You have booked %(most)s visits for this already. Drop it off with the label: that costs nothing."
    )


class NoVisit(DomainError):
    code = "no_collection_booked"
    message = N_("No visit of the carrier is booked. Reload the page.")


def zone_of(order: Order) -> str:
    return current.pack(order.place, order.placed_at).zone


@transaction.atomic
def book(
    *,
    starts_at: datetime,
    where: Recipient,
    actor: Actor,
    at: datetime,
    return_id: UUID | None = None,
    claim_id: UUID | None = None,
) -> Collection:
    """Have it fetched at the time that begins at `starts_at`; a visit that is booked already moves there.

    The days to post begin anew with the visit's end, so that waiting for it costs the buyer nothing.

    :raises TimeNotOffered, RecipientIncomplete, PhoneInvalid, TextTooLong: with the field to change
    :raises NotFetched, TooManyVisits, NoFreeLabel, NotToBeSent, TooLate: nothing is booked then
    """
    where.check()
    back = issuing.locked(return_id=return_id, claim_id=claim_id)
    label = issuing.issue(return_id=return_id, claim_id=claim_id, actor=actor, at=at)
    if issuing.tariff(back.order, at=at, carrier=label.carrier).collected is None:
        raise NotFetched()
    times = dict(visits.offered(at=at, zone=zone_of(back.order)))
    if starts_at not in times:
        raise TimeNotOffered(field="time")
    _require_few(label, at=at)
    before = visits.running(label)
    if before is not None:
        visits.end(before, MOVED, at=at)
    visit = _write(label, back, (starts_at, times[starts_at]), where, at=at)
    visits.watch(visit, place=back.order.place, at=at)
    _postpone(back, start=visit.ends_at, at=at)
    prove(back.order, "orders.collection.book", {"label": str(label.pk), "visit": str(visit.pk)}, at=at)
    return visit


def _write(
    label: ReturnLabel, back: Back, time: tuple[datetime, datetime], where: Recipient, *, at: datetime
) -> Collection:
    return Collection.objects.create(
        label=label,
        subject_id=back.subject_id,
        starts_at=time[0],
        ends_at=time[1],
        contact=where.name,
        phone=where.phone,
        address=where.address,
        booked_at=at,
    )


def _require_few(label: ReturnLabel, *, at: datetime) -> None:
    """Visits that nobody made don't count."""
    most = int(policies.value(visits.POLICY, at)["most"])
    if label.collections.exclude(cause=MISSED).count() >= most:
        raise TooManyVisits(most=most)


def _postpone(back: Back, *, start: datetime, at: datetime) -> None:
    if isinstance(back, Return):
        deadlines.postpone_posting(back, start=start, at=at)
    else:
        claim_deadlines.postpone_posting(back, start=start, at=at)


@transaction.atomic
def cancel(
    *, actor: Actor, at: datetime, return_id: UUID | None = None, claim_id: UUID | None = None
) -> ReturnLabel:
    """Nobody has to come; the label stays, and so do the days to post. :raises NoVisit:"""
    back = issuing.locked(return_id=return_id, claim_id=claim_id)
    label = issuing.label_of(back)
    visit = visits.running(label) if label else None
    if label is None or visit is None:
        raise NoVisit()
    visits.end(visit, CANCELLED, at=at)
    prove(back.order, "orders.collection.cancel", {"visit": str(visit.pk)}, at=at)
    return label


@transaction.atomic
def miss(*, collection_id: UUID, at: datetime) -> bool:
    """The carrier didn't come: the buyer's days begin anew. False when it has ended otherwise."""
    found = Collection.objects.select_related("label").get(pk=collection_id)
    label = found.label
    back = issuing.locked(return_id=label.returning_id, claim_id=label.claim_id)
    visit = visits.running(label)
    if visit is None or visit.pk != collection_id:
        return False
    visits.end(visit, MISSED, at=at)
    if issuing.waits(back):
        _postpone(back, start=at, at=at)
    prove(back.order, "orders.collection.miss", {"visit": str(visit.pk)}, at=at)
    order = back.order
    bus.publish(CollectionMissed(order.pk, order.merchant_id, order.subject_id, visit.pk), at=at)
    return True


def missed_by(*, carrier: str, number: str, happened_at: datetime, at: datetime) -> bool:
    """The carrier itself says that it didn't come. An old or repeated word about another visit is nothing."""
    visit = Collection.objects.filter(
        label__carrier=carrier,
        label__tracking_number=number,
        ended_at__isnull=True,
        starts_at__lte=happened_at,
    ).first()
    return visit is not None and miss(collection_id=visit.pk, at=at)
