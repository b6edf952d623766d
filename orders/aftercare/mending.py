"""From the shop's bench back to the buyer: repaired or replaced, sent, arrived, confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import claim_deadlines, deadlines, fulfilment, parcel_numbers, settlement
from orders.aftercare import claims, paying
from orders.claim_events import ClaimArrived, ClaimDone, ClaimSent, RepairOverdue, RepairTurned
from orders.lifecycle import CLAIM, ClaimState, move_claim
from orders.models import FaultClaim, Shipment
from orders.models.claims import EXCHANGE, REPAIR
from orders.models.parcels import TO_BUYER
from outbox import bus


class RepairStillInTime(DomainError):
    code = "repair_still_in_time"
    message = N_("The merchant still has time to repair it. When that is over you can ask for other goods.")


@transaction.atomic
def send(
    *, claim_id: UUID, tracking_number: str, actor: Actor, at: datetime, carrier: str = "sandbox"
) -> Shipment:
    """The repaired or the other goods are with the carrier.

    :raises TrackingNumberInvalid, TrackingNumberTaken: with the field to change
    """
    number = parcel_numbers.clean(carrier, tracking_number)
    claim = claims.locked(claim_id)
    CLAIM.target(claim.state, "send")
    shipment = fulfilment.open_parcel(
        claim.order, carrier=carrier, number=number, at=at, claim_id=claim.pk, claim_way=TO_BUYER
    )
    claim_deadlines.end_work(claim, at=at)
    fact = ClaimSent(*claims.ids(claim), shipment.pk)
    move_claim(claim, "send", actor=actor, at=at, fact=fact, sent_at=at)
    return shipment


@transaction.atomic
def arrive(*, claim_id: UUID, actor: Actor, at: datetime) -> FaultClaim:
    """The parcel is with the buyer, who has a week to try the goods."""
    claim = claims.locked(claim_id)
    _arrive(claim, actor=actor, at=at)
    return claim


def _arrive(claim: FaultClaim, *, actor: Actor, at: datetime) -> None:
    CLAIM.target(claim.state, "arrive")
    for shipment in Shipment.objects.filter(claim=claim, claim_way=TO_BUYER):
        deadlines.end_parcel_watch(shipment, at=at)
    confirm_by = claim_deadlines.start_receipt(claim, at=at)
    fact = ClaimArrived(*claims.ids(claim), confirm_by)
    move_claim(claim, "arrive", actor=actor, at=at, fact=fact, arrived_at=at)


@transaction.atomic
def confirm(*, claim_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> FaultClaim:
    """The buyer has it and it works, or said nothing in the week. A fault that is back is a new claim."""
    claim = claims.locked(claim_id)
    if claim.state == ClaimState.SENT and not by_silence:
        for shipment in Shipment.objects.filter(claim=claim, claim_way=TO_BUYER, delivered_at=None):
            shipment.delivered_at = at
            shipment.save(update_fields=["delivered_at"])
        _arrive(claim, actor=actor, at=at)
    CLAIM.target(claim.state, "confirm")
    claim_deadlines.end_receipt(claim, at=at)
    fact = ClaimDone(*claims.ids(claim), claim.remedy, by_silence)
    move_claim(claim, "confirm", actor=actor, at=at, fact=fact, proof={"remedy": claim.remedy})
    settlement.settle_if_free(claim.order, at=at)
    return claim


@transaction.atomic
def note_overdue(*, claim_id: UUID, at: datetime) -> None:
    """A repair has run over our days: from here on the buyer may have other goods. Without a last day of
    the law's the repair becomes an exchange at once."""
    claim = claims.locked(claim_id)
    if claim.state != ClaimState.IN_HAND or claim.remedy != REPAIR or claim.overdue_at is not None:
        return
    claim.overdue_at = at
    claim.save(update_fields=["overdue_at"])
    limit = claim_deadlines.repair_limit(claim)
    if limit is None:
        _turn(claim, actor=Actor.system(), at=at)
        return
    bus.publish(RepairOverdue(*claims.ids(claim), limit), at=at)


@transaction.atomic
def demand_exchange(*, claim_id: UUID, actor: Actor, at: datetime) -> FaultClaim:
    """Other goods instead of a repair that takes too long.

    :raises RepairStillInTime: while the merchant's days run
    """
    claim = claims.locked(claim_id)
    CLAIM.target(claim.state, "turn")
    if claim.remedy != REPAIR or claim.overdue_at is None:
        raise RepairStillInTime()
    return _turn(claim, actor=actor, at=at)


@transaction.atomic
def turn_at_limit(*, claim_id: UUID, at: datetime) -> None:
    """The law's last day of a repair has passed: other goods, by itself."""
    claim = claims.locked(claim_id)
    if claim.state == ClaimState.IN_HAND and claim.remedy == REPAIR:
        _turn(claim, actor=Actor.system(), at=at)


def _turn(claim: FaultClaim, *, actor: Actor, at: datetime) -> FaultClaim:
    """Set other goods aside; where the shelf is empty the money goes back."""
    if not claims.set_aside(claim, actor=actor, at=at):
        return paying.refund_locked(claim, cause="out_of_stock", actor=actor, at=at)
    due_at = claim_deadlines.start_replacement(claim, at=at)
    move_claim(
        claim,
        "turn",
        actor=actor,
        at=at,
        fact=RepairTurned(*claims.ids(claim), due_at),
        remedy=EXCHANGE,
        stock_taken=claim.stock_taken,
        overdue_at=claim.overdue_at or at,
    )
    return claim


@transaction.atomic
def refund(*, claim_id: UUID, cause: str, actor: Actor, at: datetime) -> FaultClaim:
    """The money instead: the merchant would rather pay, never sent it, or its parcel was lost."""
    return paying.refund_locked(claims.locked(claim_id), cause=cause, actor=actor, at=at)
