"""From payment to the buyer's door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog import stock
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from orders import (
    confirm_deadlines,
    deadlines,
    dealing,
    delivery_deadlines,
    packing,
    parcel_numbers,
    progress,
)
from orders.confirm_events import ConfirmationAsked
from orders.events import OrderExpired, OrderPaid, PartArrived, PartShipped
from orders.late_payment import take_late_payment
from orders.lifecycle import ORDER, OrderState, move, prove
from orders.models import Order, Shipment
from orders.vouchers import issuing
from outbox import bus


class TrackingNumberTaken(Invalid):
    code = "tracking_number_taken"
    message = N_("This tracking number already belongs to another parcel. Check the number on the label.")


class PickedUpNotSent(Invalid):
    code = "picked_up_not_sent"
    message = N_("The buyer comes for this order to a service point. Say there that it is ready.")


class RedeemedNotSent(Invalid):
    code = "redeemed_not_sent"
    message = N_("These are services: nothing is sent. The buyer shows a code for each piece.")


class ParcelNotUnderWay(DomainError):
    code = "parcel_not_under_way"
    message = N_("Nobody waits for this parcel any more. Reload the page: it says what became of it.")


@transaction.atomic
def mark_paid(*, payment_id: UUID, actor: Actor, at: datetime) -> list[Order]:
    """The payment has been captured: its orders are paid, each exactly once.

    An order that had ended meanwhile gets its goods if they are still there, else its money back.
    """
    orders = Order.objects.of_payment(payment_id).all_locked()
    waiting = [order for order in orders if ORDER.allows(order.state, "pay")]
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
    if order.is_voucher:
        order.collect_by = issuing.issue(order, at=at)
        order.save(update_fields=["collect_by"])
    dispatch_by = order.collect_by or deadlines.start_dispatch(order, at=at)
    copies: dict[str, datetime] = {} if order.is_voucher else {"dispatch_by": dispatch_by}
    delivery_deadlines.start_express(order, at=at)
    copies |= _ask_for_confirmation(order, at=at)
    dealing.note(order, at=at)
    fact = OrderPaid(
        order.pk, order.merchant_id, order.subject_id, order.total_minor, dispatch_by, name == "pay_late"
    )
    proof = {"total_minor": order.total_minor, "currency": order.currency}
    move(
        order,
        name,
        actor=actor,
        at=at,
        fact=fact,
        proof=proof,
        paid_at=at,
        **copies,
    )


def _ask_for_confirmation(order: Order, *, at: datetime) -> dict[str, datetime]:
    """The provider couldn't reserve and took the money at once: the shop still has to confirm."""
    if not order.is_unconfirmed or order.confirm_by is not None:
        return {}
    confirm_by = confirm_deadlines.start(order, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(ConfirmationAsked(*ids, confirm_by, taken=True), at=at)
    return {"confirm_by": confirm_by}


@transaction.atomic
def ship(
    *,
    order_id: UUID,
    tracking_number: str,
    actor: Actor,
    at: datetime,
    carrier: str = "sandbox",
    pieces: Mapping[UUID, int] | None = None,
) -> Shipment:
    """Hand a parcel to the carrier; from here its silence has a clock. The last piece makes the order sent.

    `pieces` is {line id: how many}; without it the parcel holds all that is left to send.

    :raises TrackingNumberInvalid, TrackingNumberTaken: with the field to change
    :raises PickedUpNotSent: for what lies ready at a service point
    :raises NothingToSend, PiecesOutOfRange, NotInOrder: about `pieces`, with the field to change
    :raises TooLate: on the last day the order was as good as cancelled
    """
    number = parcel_numbers.clean(carrier, tracking_number)
    order = Order.objects.locked(order_id)
    ORDER.target(order.state, "ship")
    if order.is_voucher:
        raise RedeemedNotSent(field="tracking_number")
    if order.is_picked_up:
        raise PickedUpNotSent(field="tracking_number")
    deadlines.require_dispatch_in_time(order, at=at)
    picked = packing.pick(order, pieces)
    shipment = open_parcel(order, carrier=carrier, number=number, at=at)
    packing.put_in(shipment, picked)
    held = {str(line.pk): quantity for line, quantity in picked}
    prove(order, "orders.parcel.send", {"parcel": str(shipment.pk), "pieces": held}, at=at)
    progress.follow(order, actor=actor, at=at)
    if order.state == OrderState.PAID:
        fact = PartShipped(order.pk, order.merchant_id, order.subject_id, shipment.pk)
        bus.publish(fact, at=at)
    return shipment


def open_parcel(
    order: Order,
    *,
    carrier: str,
    number: str,
    at: datetime,
    returning_id: UUID | None = None,
    claim_id: UUID | None = None,
    claim_way: str = "",
) -> Shipment:
    """:raises TrackingNumberTaken: when another parcel has the number"""
    try:
        with transaction.atomic():
            shipment = Shipment.objects.create(
                carrier=carrier,
                tracking_number=number,
                order=order,
                returning_id=returning_id,
                claim_id=claim_id,
                claim_way=claim_way,
                handed_over_at=at,
            )
    except IntegrityError as clash:
        # Another shop's parcel isn't there to be looked up: only the constraint knows of it.
        raise TrackingNumberTaken(field="tracking_number") from clash
    deadlines.watch_parcel(shipment, order, seen_at=at, at=at)
    return shipment


@transaction.atomic
def confirm_delivery(*, order_id: UUID, actor: Actor, at: datetime, parcel_id: UUID | None = None) -> Order:
    """The buyer has what is under way: one parcel, or all of them once everything was sent.

    :raises IllegalMove: unless it is on its way; NotFound: for another order's parcel
    :raises ParcelNotUnderWay: for one that arrived or counts as lost
    """
    order = Order.objects.select_related("merchant").locked(order_id)
    if parcel_id is None:
        ORDER.target(order.state, "confirm_delivery")
    waiting = [each for each in progress.outward(order) if parcel_id in (None, each.pk)]
    if not waiting:
        raise NotFound()
    if not any(each.is_under_way for each in waiting):
        raise ParcelNotUnderWay()
    for shipment in waiting:
        if shipment.is_under_way:
            take_delivery(shipment, order, signed_at=at, actor=actor, at=at)
    return order


def take_delivery(
    shipment: Shipment, order: Order, *, signed_at: datetime, actor: Actor, at: datetime
) -> None:
    """An outward parcel of a locked order has arrived; the last one starts the buyer's clocks."""
    shipment.delivered_at = max(min(signed_at, at), shipment.handed_over_at)
    shipment.save(update_fields=["delivered_at"])
    deadlines.end_parcel_watch(shipment, at=at)
    deadlines.end_question(shipment, at=at)
    payload = {"parcel": str(shipment.pk), "delivered_at": shipment.delivered_at.isoformat()}
    prove(order, "orders.parcel.arrive", payload, at=at)
    progress.follow(order, actor=actor, at=at)
    if order.state in (OrderState.PAID, OrderState.SHIPPED):
        bus.publish(PartArrived(order.pk, order.merchant_id, order.subject_id, shipment.pk), at=at)
