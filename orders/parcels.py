"""What carriers report: scans, deliveries, silence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from orders import deadlines, fulfilment, giving_up, packing, progress, refunding, returns
from orders.events import ParcelLost
from orders.lifecycle import RETURN, OrderState, ReturnState
from orders.models import Order, Return, Scan, Shipment
from outbox import bus

KINDS = ("collected", "in_transit", "delivered")


class ScanUnknown(Invalid):
    code = "scan_kind_unknown"
    message = N_("A scan is one of collected, in_transit, delivered.")


@transaction.atomic
def record_scan(
    *,
    carrier: str,
    event_id: str,
    tracking_number: str,
    kind: str,
    happened_at: datetime,
    actor: Actor,
    at: datetime,
) -> Scan:
    """Write down what a carrier saw, once per event id, in whatever order the events come.

    :raises NotFound: for a parcel that isn't ours; ScanUnknown: for another kind
    """
    if kind not in KINDS:
        raise ScanUnknown(field="kind")
    known = Shipment.objects.filter(carrier=carrier, tracking_number=tracking_number).first()
    if known is None:
        raise NotFound()
    order = Order.objects.locked(known.order_id)
    shipment = Shipment.objects.select_for_update(no_key=True).get(pk=known.pk)
    scan, fresh = Scan.objects.get_or_create(
        carrier=carrier,
        event_id=event_id,
        defaults={"shipment": shipment, "kind": kind, "happened_at": happened_at, "received_at": at},
    )
    if fresh and shipment.delivered_at is None:
        seen_at = max(min(happened_at, at), shipment.handed_over_at)
        _take_in(shipment, order, kind=kind, seen_at=seen_at, actor=actor, at=at)
    return scan


def _take_in(
    shipment: Shipment, order: Order, *, kind: str, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    shipment.last_scan_at = max(seen_at, shipment.last_scan_at or seen_at)
    if kind != "delivered":
        shipment.save(update_fields=["last_scan_at"])
        if shipment.lost_at is None:
            deadlines.watch_parcel(shipment, order, seen_at=shipment.last_scan_at, at=at)
        return
    shipment.save(update_fields=["last_scan_at"])
    if shipment.returning_id is None:
        fulfilment.take_delivery(shipment, order, signed_at=seen_at, actor=actor, at=at)
        return
    shipment.delivered_at = seen_at
    shipment.save(update_fields=["delivered_at"])
    deadlines.end_parcel_watch(shipment, at=at)
    returning = Return.objects.select_related("order").get(pk=shipment.returning_id)
    if returning.state == ReturnState.CLOSED and returns.may_reopen(returning, at=at, arrived=True):
        # It counted as never sent, and here it is: the goods are the merchant's, so the sum is the buyer's.
        returning = returns.reopen(return_id=returning.pk, actor=actor, at=at, arrived=True)
    if RETURN.allows(returning.state, "receive"):
        returns.receive(return_id=returning.pk, actor=actor, at=at)


@transaction.atomic
def give_up_parcel(*, shipment_id: UUID, at: datetime) -> None:
    """No scan for too long: the parcel counts as lost, and that is never the buyer's loss.

    Outward: the money for what it held goes back. On its way back: the return is refunded if a carrier ever
    saw the parcel; if none did, the return closes and may be reopened.
    """
    shipment = Shipment.objects.select_related("order").get(pk=shipment_id)
    order = Order.objects.locked(shipment.order_id)
    shipment.lost_at = at
    shipment.save(update_fields=["lost_at"])
    if shipment.returning_id is not None:
        _give_up_returning(shipment, at=at)
    elif order.state in (OrderState.PAID, OrderState.SHIPPED):
        _give_up_outward(shipment, order, at=at)


def _give_up_outward(shipment: Shipment, order: Order, *, at: datetime) -> None:
    """The money for what it held goes back; the other parcels of the order go on."""
    amount = giving_up.give_up(
        order,
        packing.inside(shipment),
        counted=giving_up.UNDELIVERED,
        purpose=f"parcel_lost:{shipment.pk}",
        actor=Actor.system(),
        at=at,
    )
    fact = ParcelLost(order.pk, order.merchant_id, order.subject_id, shipment.pk, amount.minor)
    bus.publish(fact, at=at)
    refunding.end_if_empty(order, actor=Actor.system(), at=at)
    progress.follow(order, actor=Actor.system(), at=at)


def _give_up_returning(shipment: Shipment, *, at: datetime) -> None:
    returning = Return.objects.get(shipments=shipment)
    if returning.state != ReturnState.POSTED:
        return
    if shipment.last_scan_at is not None:
        returns.refund(return_id=returning.pk, by_silence=True, actor=Actor.system(), at=at)
    else:
        returns.close(return_id=returning.pk, cause="never_scanned", actor=Actor.system(), at=at)
