"""Goods that lie ready at a service point: from here the buyer has their code and so many days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import deadlines, delivery_deadlines, packing, progress
from orders.lifecycle import ORDER, prove
from orders.models import CodeKind, Order, PointCode, Shipment
from orders.pickup import codes
from orders.scan_kinds import PICKUP


class NotPickedUp(DomainError):
    code = "not_picked_up"
    message = N_("The buyer chose to have this sent. Send it and save the tracking number.")


class NotReady(DomainError):
    code = "not_ready_for_pickup"
    message = N_("This order doesn't wait at a service point now. Reload the page: it says where it is.")


@transaction.atomic
def mark_ready(*, order_id: UUID, actor: Actor, at: datetime) -> Shipment:
    """All of it lies ready: it counts as sent, and the buyer gets a code and until when to come.

    :raises IllegalMove: unless it is paid and nothing was made ready
    :raises NotPickedUp: for what is to be sent; TooLate: once it was as good as cancelled
    """
    order = Order.objects.locked(order_id)
    ORDER.target(order.state, "ship")
    if not order.is_picked_up:
        raise NotPickedUp()
    deadlines.require_dispatch_in_time(order, at=at)
    pieces = packing.pick(order, None)
    parcel = Shipment.objects.create(
        order=order, carrier=PICKUP, tracking_number=order.number, handed_over_at=at
    )
    packing.put_in(parcel, pieces)
    order.collect_by = delivery_deadlines.start_pickup(order, at=at)
    order.save(update_fields=["collect_by"])
    codes.make(order, kind=CodeKind.PICKUP, at=at)
    prove(order, "orders.pickup.ready", {"point": str(order.point_id), "until": str(order.collect_by)}, at=at)
    progress.follow(order, actor=actor, at=at)
    return parcel


@transaction.atomic
def new_code(*, order_id: UUID, actor: Actor, at: datetime) -> PointCode:
    """Another code for the buyer; the one before opens nothing any more.

    :raises NotReady: unless it waits to be picked up; TooManyCodes
    """
    order = Order.objects.locked(order_id)
    if codes.of_order(order) is None:
        raise NotReady()
    return codes.make(order, kind=CodeKind.PICKUP, at=at)
