"""What carriers report of a claim's parcels, on their way to the shop and back to the buyer."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from orders import deadlines
from orders.aftercare import claims, mending
from orders.lifecycle import CLAIM, ClaimState
from orders.models import FaultClaim, Order, Shipment
from orders.models.parcels import TO_SHOP
from orders.scan_kinds import FATES, Fate, ScanKind

# Handed over at the shop's door is handed over, whoever signs and whatever it says.
AT_THE_SHOP = (ScanKind.DELIVERED, ScanKind.SIGNED_BY_OTHER, ScanKind.REFUSED)
AT_THE_BUYERS = (ScanKind.DELIVERED, ScanKind.SIGNED_BY_OTHER)


def take_in(
    shipment: Shipment, order: Order, *, kind: ScanKind, seen_at: datetime, actor: Actor, at: datetime
) -> None:
    """Both rows are locked and somebody still waits for the parcel."""
    there = AT_THE_SHOP if shipment.claim_way == TO_SHOP else AT_THE_BUYERS
    if kind in there:
        _deliver(shipment, seen_at=seen_at, actor=actor, at=at)
    elif kind in FATES:
        give_up(shipment, FATES[kind], at=at)
    else:
        deadlines.watch_parcel(shipment, order, seen_at=seen_at, at=at)


def _deliver(shipment: Shipment, *, seen_at: datetime, actor: Actor, at: datetime) -> None:
    shipment.delivered_at = seen_at
    shipment.save(update_fields=["delivered_at"])
    deadlines.end_parcel_watch(shipment, at=at)
    claim = FaultClaim.objects.get(shipments=shipment)
    if shipment.claim_way == TO_SHOP:
        if CLAIM.allows(claim.state, "receive"):
            claims.receive(claim_id=claim.pk, actor=actor, at=at)
    elif CLAIM.allows(claim.state, "arrive"):
        mending.arrive(claim_id=claim.pk, actor=actor, at=at)


def give_up(shipment: Shipment, fate: Fate, *, at: datetime) -> None:
    """Lost, damaged, come back or silent: never the buyer's loss. To the shop and never seen by a carrier:
    the claim closes."""
    shipment.lost_at, shipment.fate = at, fate
    shipment.save(update_fields=["lost_at", "fate"])
    deadlines.end_parcel_watch(shipment, at=at)
    claim = FaultClaim.objects.get(shipments=shipment)
    seen = shipment.last_scan_at is not None
    if shipment.claim_way == TO_SHOP:
        if claim.state != ClaimState.POSTED:
            return
        if not seen:
            claims.close(claim_id=claim.pk, cause="never_scanned", actor=Actor.system(), at=at)
            return
    elif claim.state != ClaimState.SENT:
        return
    mending.refund(claim_id=claim.pk, cause="parcel_lost", actor=Actor.system(), at=at)
