"""Holding an order's money while a case is open, and letting go of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from orders import settlement
from orders.events import HoldLifted, HoldPlaced
from orders.lifecycle import prove
from orders.models import Order
from outbox import bus


@transaction.atomic
def place(*, order_id: UUID, reason: str, reference: UUID, actor: Actor, at: datetime) -> None:
    """Keep the order's money where it is until the same case lifts the hold; twice is once."""
    order = Order.objects.locked(order_id)
    _, placed = order.holds.get_or_create(
        reason=reason, reference=reference, lifted_at=None, defaults={"placed_at": at}
    )
    if not placed:
        return
    prove(order, "orders.hold.place", {"reason": reason, "case": str(reference), "by": str(actor)}, at=at)
    bus.publish(HoldPlaced(order.pk, order.merchant_id, order.subject_id, reason, reference), at=at)


@transaction.atomic
def lift(*, order_id: UUID, reason: str, reference: UUID, actor: Actor, at: datetime) -> None:
    """Take the case's hold away; if it was the last and the time has come, the order settles now."""
    order = Order.objects.locked(order_id)
    lifted = order.holds.filter(reason=reason, reference=reference, lifted_at__isnull=True).update(
        lifted_at=at
    )
    if not lifted:
        return
    prove(order, "orders.hold.lift", {"reason": reason, "case": str(reference), "by": str(actor)}, at=at)
    bus.publish(HoldLifted(order.pk, order.merchant_id, order.subject_id, reason, reference), at=at)
    settlement.settle_if_free(order, at=at)
