"""From payment to the buyer's door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from orders import deadlines, dealing, parcel_numbers
from orders.events import OrderDelivered, OrderExpired, OrderPaid, OrderShipped
from orders.late_payment import take_late_payment
from orders.lifecycle import ORDER, OrderState, move
from orders.models import Order, Shipment


class TrackingNumberTaken(Invalid):
    code = "tracking_number_taken"
    message = N_("This tracking number already belongs to another parcel. Check the number on the label.")


@transaction.atomic
def mark_paid(*, payment_id: UUID, actor: Actor, at: datetime) -> list[Order]:
    """The payment has been captured: its orders are paid, each exactly once.

    An order that had ended meanwhile gets its goods if they are still there, else its money back.
    """
    orders = Order.objects.of_payment(payment_id).all_locked()
    waiting = [order for order in orders if order.state == OrderState.AWAITING_PAYMENT]
    if waiting:
        _take_reserved(waiting, actor=actor, at=at)
    for order in orders:
        if order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
            take_late_payment(order, start=start_fulfilment, actor=actor, at=at)
    return orders


def _take_reserved(waiting: list[Order], *, actor: Actor, at: datetime) -> None:
    """The goods that were set aside are sold; if they were let go meanwhile, the orders had expired."""
    deadlines.end_payment(waiting[0].purchase_id, at=at)
    try:
        with transaction.atomic():
            stock.commit(reference=waiting[0].purchase_id, at=at)
    except stock.ReservationGone:
        for order in waiting:
            fact = OrderExpired(order.pk, order.merchant_id, order.subject_id)
            move(order, "expire", actor=Actor.system(), at=at, fact=fact)
        return
    for order in waiting:
        start_fulfilment(order, "pay", actor=actor, at=at)


def start_fulfilment(order: Order, name: str, *, actor: Actor, at: datetime) -> None:
    """`name` is pay or pay_late; the merchant's promise to send starts now."""
    dispatch_by = deadlines.start_dispatch(order, at=at)
    dealing.note(order, at=at)
    fact = OrderPaid(
        order.pk, order.merchant_id, order.subject_id, order.total_minor, dispatch_by, name == "pay_late"
    )
    proof = {"total_minor": order.total_minor, "currency": order.currency}
    move(order, name, actor=actor, at=at, fact=fact, proof=proof, paid_at=at, dispatch_by=dispatch_by)


@transaction.atomic
def ship(
    *, order_id: UUID, tracking_number: str, actor: Actor, at: datetime, carrier: str = "sandbox"
) -> Shipment:
    """Hand the parcel to the carrier; from here its silence has a clock.

    :raises TrackingNumberInvalid, TrackingNumberTaken: with the field to change
    :raises TooLate: on the last day the order was as good as cancelled
    """
    number = parcel_numbers.clean(carrier, tracking_number)
    order = Order.objects.locked(order_id)
    ORDER.target(order.state, "ship")
    deadlines.require_dispatch_in_time(order, at=at)
    shipment = open_parcel(order, carrier=carrier, number=number, at=at)
    on_time = order.dispatch_by is None or at < order.dispatch_by
    deadlines.end_dispatch(order, at=at)
    fact = OrderShipped(order.pk, order.merchant_id, order.subject_id, shipment.pk, on_time)
    move(order, "ship", actor=actor, at=at, fact=fact, proof={"parcel": str(shipment.pk)}, shipped_at=at)
    return shipment


def open_parcel(
    order: Order, *, carrier: str, number: str, at: datetime, returning_id: UUID | None = None
) -> Shipment:
    """:raises TrackingNumberTaken: when another parcel has the number"""
    shipment, fresh = Shipment.objects.get_or_create(
        carrier=carrier,
        tracking_number=number,
        defaults={"order": order, "returning_id": returning_id, "handed_over_at": at},
    )
    if not fresh:
        raise TrackingNumberTaken(field="tracking_number")
    deadlines.watch_parcel(shipment, order, seen_at=at, at=at)
    return shipment


@transaction.atomic
def confirm_delivery(
    *, order_id: UUID, actor: Actor, at: datetime, delivered_at: datetime | None = None
) -> Order:
    """Start the return window; `actor` is the buyer or the carrier, `delivered_at` the carrier's instant.

    :raises IllegalMove: unless it is on its way
    """
    order = Order.objects.select_related("merchant").locked(order_id)
    ORDER.target(order.state, "confirm_delivery")
    signed_at = max(min(delivered_at or at, at), order.shipped_at or at)
    for shipment in Shipment.objects.filter(order=order, returning__isnull=True):
        deadlines.end_parcel_watch(shipment, at=at)
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
    return order
