"""What a carrier's report means for a parcel to its buyer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from orders import deadlines, fulfilment, giving_up, packing, progress, refunding
from orders.events import ParcelAsked, ParcelCameBack, ParcelLost, ParcelRefused
from orders.lifecycle import OrderState, prove
from orders.models import Order, Shipment
from orders.scan_kinds import FATES, Fate, ScanKind
from outbox import bus


def take_in(
    shipment: Shipment, order: Order, *, kind: ScanKind, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    """Both rows are locked and somebody still waits for the parcel; `seen_at` is its newest report."""
    match kind:
        case ScanKind.DELIVERED:
            fulfilment.take_delivery(shipment, order, signed_at=seen_at, actor=actor, at=at)
        case ScanKind.SIGNED_BY_OTHER:
            _ask_the_buyer(shipment, order, seen_at=seen_at, at=at)
        case ScanKind.REFUSED:
            _on_its_way_back(shipment, order, seen_at=seen_at, at=at)
        case ScanKind.LOST | ScanKind.DAMAGED | ScanKind.RETURNED_TO_SENDER:
            write_off(shipment, order, fate=FATES[kind], actor=actor, at=at)
        case _ if not shipment.is_asked:
            deadlines.watch_parcel(shipment, order, seen_at=seen_at, at=at)


def _ask_the_buyer(shipment: Shipment, order: Order, *, seen_at: datetime, at: datetime) -> None:
    """Somebody else signed: no clock runs against the buyer before they, or time, have said so.

    Who refused it at the door has said so: it goes on being looked for until it is back.
    """
    if shipment.refused_at is not None:
        deadlines.watch_parcel(shipment, order, seen_at=seen_at, at=at)
    if shipment.asked_at is not None or shipment.refused_at is not None:
        return
    shipment.asked_at = at
    shipment.save(update_fields=["asked_at"])
    deadlines.end_parcel_watch(shipment, at=at)
    answer_by = deadlines.ask_about_parcel(shipment, order, at=at)
    prove(order, "orders.parcel.ask", {"parcel": str(shipment.pk)}, at=at)
    bus.publish(ParcelAsked(*_ids(order), shipment.pk, answer_by), at=at)


def _on_its_way_back(shipment: Shipment, order: Order, *, seen_at: datetime, at: datetime) -> None:
    """Refused at the door: the money goes back when the parcel does, or when the carrier falls silent."""
    if shipment.refused_at is not None:
        return
    shipment.refused_at = seen_at
    shipment.save(update_fields=["refused_at"])
    deadlines.end_question(shipment, at=at)
    back_by = deadlines.watch_parcel(shipment, order, seen_at=seen_at, at=at)
    prove(order, "orders.parcel.refuse", {"parcel": str(shipment.pk)}, at=at)
    bus.publish(ParcelRefused(*_ids(order), shipment.pk, back_by), at=at)


def write_off(shipment: Shipment, order: Order, *, fate: Fate, actor: Actor, at: datetime) -> None:
    """It does not arrive: the money for what it held goes back; the other parcels of the order go on."""
    shipment.lost_at, shipment.fate = at, fate
    shipment.save(update_fields=["lost_at", "fate"])
    deadlines.end_parcel_watch(shipment, at=at)
    deadlines.end_question(shipment, at=at)
    if order.state not in (OrderState.PAID, OrderState.SHIPPED):
        return
    amount = giving_up.give_up(
        order,
        packing.inside(shipment),
        counted=giving_up.UNDELIVERED,
        purpose=f"parcel_lost:{shipment.pk}",
        actor=actor,
        at=at,
    )
    prove(order, "orders.parcel.write_off", {"parcel": str(shipment.pk), "fate": str(fate)}, at=at)
    fact = ParcelCameBack if fate is Fate.CAME_BACK else ParcelLost
    bus.publish(fact(*_ids(order), shipment.pk, amount.minor), at=at)
    refunding.end_if_empty(order, actor=actor, at=at)
    progress.follow(order, actor=actor, at=at)


def _ids(order: Order) -> tuple[UUID, UUID, UUID]:
    return order.pk, order.merchant_id, order.subject_id
