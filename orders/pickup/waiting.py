"""Goods that nobody came for: after the policy's days the order ends and all of its money goes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from orders import giving_up, packing, progress, refunding
from orders.events import PickupGivenUp
from orders.lifecycle import prove
from orders.models import Order
from orders.pickup import codes
from orders.scan_kinds import Fate
from outbox import bus


@transaction.atomic
def give_up(*, order_id: UUID, actor: Actor, at: datetime) -> None:
    """The goods go back on the shelf and what was paid goes back to the buyer; nothing if they came."""
    order = Order.objects.locked(order_id)
    if not order.is_picked_up:
        return
    for parcel in progress.outward(order):
        if not parcel.is_under_way:
            continue
        parcel.lost_at, parcel.fate = at, Fate.CAME_BACK
        parcel.save(update_fields=["lost_at", "fate"])
        pieces = packing.inside(parcel)
        amount = giving_up.give_up(
            order,
            pieces,
            counted=giving_up.UNDELIVERED,
            purpose=f"not_picked_up:{parcel.pk}",
            actor=actor,
            at=at,
        )
        for line, units in sorted(pieces, key=lambda pair: pair[0].variant_id):
            stock.put_back(variant_id=line.variant_id, quantity=units, actor=actor, at=at, reason="cancelled")
        codes.end(order, at=at)
        prove(order, "orders.pickup.give_up", {"refunded_minor": amount.minor}, at=at)
        ids = (order.pk, order.merchant_id, order.subject_id)
        bus.publish(PickupGivenUp(*ids, amount.minor), at=at)
    refunding.end_if_empty(order, actor=actor, at=at)
