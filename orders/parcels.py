"""What carriers report: scans, deliveries, silence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from orders import deadlines, dispute_wait, outward_scans, returns
from orders.aftercare import scans as claim_scans
from orders.labels import carrying
from orders.lifecycle import RETURN, ReturnState
from orders.models import Order, Return, Scan, Shipment
from orders.scan_kinds import FATES, Fate, ScanKind

KINDS = tuple(str(each) for each in ScanKind)
# At a merchant's door: handed over is handed over, and refusing never keeps the buyer's money.
AT_THE_SHOP = (ScanKind.DELIVERED, ScanKind.SIGNED_BY_OTHER, ScanKind.REFUSED)


class ScanUnknown(Invalid):
    code = "scan_kind_unknown"
    message = N_("A scan is one of %(kinds)s.")

    def __init__(self) -> None:
        super().__init__(field="kind", kinds=", ".join(KINDS))


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
        raise ScanUnknown()
    known = Shipment.objects.filter(carrier=carrier, tracking_number=tracking_number).first()
    if known is None or not known.is_outward:
        found = carrying.first_seen(
            carrier=carrier, number=tracking_number, happened_at=happened_at, actor=actor, at=at
        )
        known = found or known
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
        _take_in(shipment, order, kind=ScanKind(kind), seen_at=seen_at, actor=actor, at=at)
    return scan


def _take_in(
    shipment: Shipment, order: Order, *, kind: ScanKind, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    """What happened before something known only stands in the record, unless it proves receipt."""
    older = shipment.last_scan_at is not None and seen_at < shipment.last_scan_at
    if older and (kind is not ScanKind.DELIVERED or shipment.refused_at is not None):
        return
    shipment.last_scan_at = max(seen_at, shipment.last_scan_at or seen_at)
    shipment.save(update_fields=["last_scan_at"])
    if shipment.lost_at is not None and kind is not ScanKind.DELIVERED:
        return
    if kind in FATES and dispute_wait.is_waiting(order.pk):
        # Its scan is kept: what follows for the money is done when the dispute has ended.
        return
    _tell_its_way(shipment, order, kind=kind, seen_at=seen_at, actor=actor, at=at)


def _tell_its_way(
    shipment: Shipment, order: Order, *, kind: ScanKind, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    take_in = outward_scans.take_in
    if not shipment.is_outward:
        take_in = _back if shipment.claim_id is None else claim_scans.take_in
    take_in(shipment, order, kind=kind, seen_at=seen_at, actor=actor, at=at)


def _back(
    shipment: Shipment, order: Order, *, kind: ScanKind, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    """A parcel on its way back to the shop."""
    if kind in (ScanKind.LOST, ScanKind.DAMAGED):
        return _lose_return(shipment, FATES[kind], at=at)
    if kind not in AT_THE_SHOP:
        deadlines.watch_parcel(shipment, order, seen_at=seen_at, at=at)
        return None
    shipment.delivered_at = seen_at
    shipment.save(update_fields=["delivered_at"])
    deadlines.end_parcel_watch(shipment, at=at)
    returning = Return.objects.select_related("order").get(shipments=shipment)
    if returning.state == ReturnState.CLOSED and returns.may_reopen(returning, at=at, arrived=True):
        # It counted as never sent, and here it is: the goods are the merchant's, so the sum is the buyer's.
        returning = returns.reopen(return_id=returning.pk, actor=actor, at=at, arrived=True)
    if RETURN.allows(returning.state, "receive"):
        returns.receive(return_id=returning.pk, actor=actor, at=at)
    return None


@transaction.atomic
def catch_up(*, shipment_id: UUID, at: datetime) -> bool:
    """What the carrier said of a parcel's end while a dispute held the money; False when it said nothing."""
    order = Order.objects.locked(Shipment.objects.get(pk=shipment_id).order_id)
    shipment = Shipment.objects.select_for_update(no_key=True).get(pk=shipment_id)
    ends = [str(kind) for kind in FATES]
    last = Scan.objects.filter(shipment=shipment, kind__in=ends).order_by("happened_at", "pk").last()
    if last is None or not shipment.is_under_way:
        return False
    seen_at, kind = shipment.last_scan_at or at, ScanKind(last.kind)
    _tell_its_way(shipment, order, kind=kind, seen_at=seen_at, actor=Actor.system(), at=at)
    return True


@transaction.atomic
def give_up_parcel(*, shipment_id: UUID, at: datetime) -> None:
    """No scan for too long: the parcel counts as lost, and that is never the buyer's loss.

    Outward: the money for what it held goes back. On its way back: the return is refunded if a carrier ever
    saw the parcel; if none did, the return closes and may be reopened.
    """
    shipment = Shipment.objects.select_related("order").get(pk=shipment_id)
    order = Order.objects.locked(shipment.order_id)
    if shipment.returning_id is not None:
        _lose_return(shipment, Fate.SILENT, at=at)
    elif shipment.claim_id is not None:
        claim_scans.give_up(shipment, Fate.SILENT, at=at)
    elif shipment.is_under_way:
        outward_scans.write_off(shipment, order, fate=Fate.SILENT, actor=Actor.system(), at=at)


def _lose_return(shipment: Shipment, fate: Fate, *, at: datetime) -> None:
    shipment.lost_at, shipment.fate = at, fate
    shipment.save(update_fields=["lost_at", "fate"])
    deadlines.end_parcel_watch(shipment, at=at)
    _give_up_returning(shipment, at=at)


def _give_up_returning(shipment: Shipment, *, at: datetime) -> None:
    returning = Return.objects.get(shipments=shipment)
    if returning.state != ReturnState.POSTED:
        return
    if shipment.last_scan_at is not None:
        returns.refund(return_id=returning.pk, by_silence=True, actor=Actor.system(), at=at)
    else:
        returns.close(return_id=returning.pk, cause="never_scanned", actor=Actor.system(), at=at)
