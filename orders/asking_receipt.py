"""“Did you get it?” when somebody else has signed: yes, no, or nothing in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from orders import deadlines, fulfilment
from orders.events import ParcelDenied
from orders.lifecycle import prove
from orders.models import Order, Shipment
from outbox import bus


class NotAsked(DomainError):
    code = "parcel_not_asked_about"
    message = N_("Nobody waits for an answer about this parcel. Reload the page: it says where it is.")


@transaction.atomic
def deny(*, order_id: UUID, parcel_id: UUID, actor: Actor, at: datetime) -> Shipment:
    """The buyer has not got it: now the carrier has to show where it is, or it counts as lost.

    :raises NotFound: for another order's parcel; NotAsked: unless a question is open
    """
    order = Order.objects.locked(order_id)
    shipment = order.shipments.filter(pk=parcel_id, returning__isnull=True, claim__isnull=True).first()
    if shipment is None:
        raise NotFound()
    if not shipment.is_asked:
        raise NotAsked()
    shipment.denied_at = at
    shipment.save(update_fields=["denied_at"])
    deadlines.end_question(shipment, at=at)
    found_by = deadlines.watch_parcel(shipment, order, seen_at=at, at=at)
    prove(order, "orders.parcel.deny", {"parcel": str(shipment.pk)}, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(ParcelDenied(*ids, shipment.pk, found_by), at=at)
    return shipment


@transaction.atomic
def take_silence_for_yes(*, parcel_id: UUID, at: datetime) -> None:
    """No answer in time: it counts as received from this instant on, so no clock has run before it."""
    order = Order.objects.locked(Shipment.objects.get(pk=parcel_id).order_id)
    shipment = Shipment.objects.get(pk=parcel_id)
    if shipment.is_asked:
        fulfilment.take_delivery(shipment, order, signed_at=at, actor=Actor.system(), at=at)
