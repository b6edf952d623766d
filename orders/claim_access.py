"""The only door to fault claims for pages: foreign and absent look the same, and who reads leaves a line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.access import RECIPIENT
from orders.models import ClaimMove, ClaimPhoto, FaultClaim, Order, Shipment
from orders.queries import FaultClaimQuerySet
from privacy import access_record

WITH_CLAIM = ("orders.FaultClaim.fault", "orders.FaultClaim.refusal")


def claim_for_buyer(actor: Actor, number: str) -> FaultClaim:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    return _with_parts(FaultClaim.objects.of_person(actor.subject_id)).get_or_not_found(number=number)


def claims_of_buyer(actor: Actor) -> FaultClaimQuerySet:
    found = FaultClaim.objects
    return _with_parts(found.of_person(actor.subject_id)) if actor.subject_id else found.none()


def claims_of_merchant(membership: Membership) -> FaultClaimQuerySet:
    membership.require(Capability.READ)
    return _with_parts(FaultClaim.objects.of_merchant(membership.merchant_id))


def claim_for_merchant(membership: Membership, number: str) -> FaultClaim:
    """:raises NotFound: also when it belongs to another merchant"""
    return claims_of_merchant(membership).get_or_not_found(number=number)


def has_running(merchant_id: UUID) -> bool:
    """Whether a claim of a fault against this shop isn't over."""
    return FaultClaim.objects.of_merchant(merchant_id).unfinished().exists()


def _with_parts(rows: FaultClaimQuerySet) -> FaultClaimQuerySet:
    return rows.select_related("order__merchant", "line__revision", "line__set_revision")


def fault_for_merchant(membership: Membership, claim: FaultClaim, *, at: datetime) -> str:
    """What the buyer wrote, while the shop has to do with it; each look is recorded."""
    if not claim.is_open:
        return ""
    access_record.record(
        actor=membership.actor, subject_id=claim.subject_id, purpose="orders.claim", fields=WITH_CLAIM, at=at
    )
    return claim.fault or ""


def recipient(membership: Membership, claim: FaultClaim, *, at: datetime) -> dict[str, str]:
    """Where mended goods go, for who sends them, long after the order was settled; each look is recorded."""
    order = claim.order
    access_record.record(
        actor=membership.actor, subject_id=claim.subject_id, purpose="orders.claim", fields=RECIPIENT, at=at
    )
    return {"name": order.recipient, "phone": order.phone, "address": order.address}


def photo_of(claim: FaultClaim, photo_id: UUID) -> ClaimPhoto:
    """:raises NotFound: unless it belongs to this very claim"""
    found = ClaimPhoto.objects.select_related("file").filter(claim=claim, pk=photo_id).first()
    if found is None:
        raise NotFound()
    return found


def photos_of(claim: FaultClaim) -> list[ClaimPhoto]:
    return list(ClaimPhoto.objects.filter(claim=claim).select_related("file").order_by("id"))


def claims_of(order: Order) -> list[FaultClaim]:
    return list(FaultClaim.objects.of_order(order.pk).order_by("asked_at", "id"))


def claim_moves_of(order: Order) -> list[ClaimMove]:
    return list(ClaimMove.objects.filter(claim__order=order).select_related("claim").order_by("id"))


def parcels_of_claim(claim: FaultClaim) -> list[Shipment]:
    return list(Shipment.objects.filter(claim=claim).order_by("handed_over_at", "id"))
