"""How far an order is, as its parcels say: the one place where their state becomes the order's."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from orders import deadlines, delivery_deadlines, packing
from orders.events import OrderDelivered, OrderShipped
from orders.lifecycle import OrderState, move
from orders.models import Order, Shipment
from orders.pickup import codes


def follow(order: Order, *, actor: Actor, at: datetime) -> None:
    """Bring a locked order to where its parcels are: sent when nothing is left to send, delivered when
    nothing is under way any more and something arrived."""
    parcels = outward(order)
    if order.state == OrderState.PAID and parcels and not packing.left_to_send(order):
        _all_sent(order, parcels, actor=actor, at=at)
    if order.state != OrderState.SHIPPED or any(each.is_under_way for each in parcels):
        return
    if any(each.delivered_at for each in parcels):
        _all_arrived(order, parcels, actor=actor, at=at)


def outward(order: Order) -> list[Shipment]:
    """The order's parcels to its buyer, the first first."""
    return list(
        order.shipments.filter(returning__isnull=True, claim__isnull=True).order_by("handed_over_at", "id")
    )


def _all_sent(order: Order, parcels: list[Shipment], *, actor: Actor, at: datetime) -> None:
    """The promise to dispatch is about the last piece."""
    on_time = order.dispatch_by is None or at < order.dispatch_by
    deadlines.end_dispatch(order, at=at)
    last = parcels[-1]
    fact = OrderShipped(order.pk, order.merchant_id, order.subject_id, last.pk, on_time)
    move(order, "ship", actor=actor, at=at, fact=fact, proof={"parcel": str(last.pk)}, shipped_at=at)


def _all_arrived(order: Order, parcels: list[Shipment], *, actor: Actor, at: datetime) -> None:
    """The clocks start with the last thing the buyer waited for (2011/83, art. 9: the last good)."""
    ends = [each.ended_at for each in parcels if each.ended_at is not None]
    signed_at = min(max(*ends, order.shipped_at or ends[0]), at)
    delivery_deadlines.end_waiting(order, at=at)
    if order.is_picked_up or order.is_voucher:
        codes.end(order, at=at)
    lines = list(order.lines.select_related("revision"))
    copies = deadlines.start_after_delivery(order, lines, delivered_at=signed_at, at=at)
    fact = OrderDelivered(order.pk, order.merchant_id, order.subject_id, delivered_at=signed_at, **copies)
    proof = {name: instant.isoformat() for name, instant in copies.items()}
    move(
        order,
        "confirm_delivery",
        actor=actor,
        at=at,
        fact=fact,
        proof=proof,
        delivered_at=signed_at,
        **copies,
    )
