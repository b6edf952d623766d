"""A fault claim up to the shop's work on it: asked, accepted, posted, received, taken on; or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from kernel.errors import N_, IllegalMove, Invalid
from orders import claim_deadlines, deadlines, fulfilment, parcel_numbers, settlement
from orders.aftercare import asking, paying
from orders.claim_events import (
    ClaimAccepted,
    ClaimAsked,
    ClaimClosed,
    ClaimPosted,
    ClaimReceived,
    ClaimRefused,
    ClaimTakenOn,
)
from orders.lifecycle import CLAIM, ClaimState, move_claim
from orders.models import ClaimMove, ClaimPhoto, FaultClaim, Order, Shipment
from orders.models.claims import EXCHANGE
from orders.models.parcels import TO_SHOP
from outbox import bus
from privacy.models import StoredFile


class NoReasonGiven(Invalid):
    code = "claim_reason_missing"
    message = N_("Say why not. The buyer reads it and can object.")


def locked(claim_id: UUID) -> FaultClaim:
    """The claim with its order's row locked: the order is the root of both. :raises NotFound:"""
    found = FaultClaim.objects.get_or_not_found(pk=claim_id)
    order = Order.objects.locked(found.order_id)
    claim = FaultClaim.objects.select_related("line__revision", "line__set_revision").get(pk=claim_id)
    claim.order = order
    return claim


def ids(claim: FaultClaim) -> tuple[UUID, UUID, UUID, UUID]:
    order = claim.order
    return order.pk, order.merchant_id, order.subject_id, claim.pk


@transaction.atomic
def ask(
    *,
    order_id: UUID,
    line_id: UUID,
    quantity: int,
    remedy: str,
    fault: str,
    actor: Actor,
    at: datetime,
    repeats_id: UUID | None = None,
    shown: Sequence[StoredFile] = (),
) -> FaultClaim:
    """Ask for a repair or an exchange of so many pieces of a line; the merchant has two days to answer.

    :raises NothingToClaim, SoldByAPerson, AlreadyReturning, RemedyNotOpen, QuantityOutOfRange, FaultUnknown,
        FaultMissing, FaultTooLong: nothing is written then
    """
    order = Order.objects.select_related("merchant").locked(order_id)
    said = asking.clean_fault(fault)
    request = asking.check(
        order, line_id=line_id, quantity=quantity, remedy=remedy, at=at, repeats_id=repeats_id
    )
    claim = _write(order, request, fault=said, at=at)
    ClaimPhoto.objects.bulk_create(ClaimPhoto(claim=claim, file=stored, at=at) for stored in shown)
    ClaimMove.objects.create(
        claim=claim, name="ask", from_state="", to_state=claim.state, actor=str(actor), at=at
    )
    claim_deadlines.start_answer(claim, at=at)
    bus.publish(ClaimAsked(*ids(claim), claim.remedy), at=at)
    return claim


def _write(order: Order, request: asking.Request, *, fault: str, at: datetime) -> FaultClaim:
    return FaultClaim.objects.create(
        order=order,
        line=request.line,
        subject_id=order.subject_id,
        repeats=request.repeats,
        quantity=request.quantity,
        remedy=str(request.remedy.kind),
        rule_id=request.remedy.rule_id,
        postage_payer=request.remedy.payer,
        goods_minor=request.sum.goods.minor,
        freight_minor=request.sum.freight.minor,
        amount_minor=request.sum.amount.minor,
        fault=fault,
        refusal="",
        asked_at=at,
    )


@transaction.atomic
def accept(*, claim_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> FaultClaim:
    """The merchant agrees to look at it, or has let its time pass; the buyer posts the goods."""
    claim = locked(claim_id)
    CLAIM.target(claim.state, "accept")
    post_by = claim_deadlines.start_posting(claim, at=at)
    fact = ClaimAccepted(*ids(claim), by_silence, post_by)
    move_claim(claim, "accept", actor=actor, at=at, fact=fact, accepted_at=at)
    return claim


@transaction.atomic
def post(
    *,
    claim_id: UUID,
    tracking_number: str,
    actor: Actor,
    at: datetime,
    carrier: str = "sandbox",
    by_carrier: bool = False,
) -> Shipment:
    """The buyer has handed the faulty goods over; `by_carrier`: its carrier says so, never too late.

    :raises TrackingNumberInvalid, TrackingNumberTaken: with the field to change; TooLate: after the days
    """
    number = parcel_numbers.clean(carrier, tracking_number)
    claim = locked(claim_id)
    CLAIM.target(claim.state, "post")
    if not by_carrier:
        claim_deadlines.require_posting_in_time(claim, at=at)
    shipment = fulfilment.open_parcel(
        claim.order, carrier=carrier, number=number, at=at, claim_id=claim.pk, claim_way=TO_SHOP
    )
    claim_deadlines.end_posting(claim, at=at)
    move_claim(claim, "post", actor=actor, at=at, fact=ClaimPosted(*ids(claim), shipment.pk), posted_at=at)
    return shipment


@transaction.atomic
def receive(*, claim_id: UUID, actor: Actor, at: datetime) -> FaultClaim:
    """The goods are with the shop (carrier's scan or its own word): its time to look at them starts."""
    claim = locked(claim_id)
    CLAIM.target(claim.state, "receive")
    for shipment in Shipment.objects.filter(claim=claim, claim_way=TO_SHOP):
        deadlines.end_parcel_watch(shipment, at=at)
    inspect_by = claim_deadlines.start_inspection(claim, at=at)
    move_claim(
        claim, "receive", actor=actor, at=at, fact=ClaimReceived(*ids(claim), inspect_by), received_at=at
    )
    return claim


@transaction.atomic
def take_on(*, claim_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> FaultClaim:
    """The shop has looked and mends it, or has said nothing. For an exchange the goods are set aside now;
    where the shelf is empty the money goes back instead."""
    claim = locked(claim_id)
    CLAIM.target(claim.state, "take_on")
    if claim.remedy == EXCHANGE and not set_aside(claim, actor=actor, at=at):
        return paying.refund_locked(claim, cause="out_of_stock", actor=actor, at=at)
    start = claim_deadlines.start_replacement if claim.remedy == EXCHANGE else claim_deadlines.start_repair
    fact = ClaimTakenOn(*ids(claim), claim.remedy, by_silence, start(claim, at=at))
    move_claim(
        claim,
        "take_on",
        actor=actor,
        at=at,
        fact=fact,
        proof={"by_silence": by_silence},
        taken_on_at=at,
        stock_taken=claim.stock_taken,
    )
    return claim


def set_aside(claim: FaultClaim, *, actor: Actor, at: datetime) -> bool:
    """Take the replacement off the shelf; no where there aren't enough pieces that nobody holds."""
    try:
        with transaction.atomic():
            stock.add(
                variant_id=claim.line.variant_id,
                quantity=-claim.quantity,
                reason="replacement",
                actor=actor,
                at=at,
            )
    except (stock.CountTooLow, stock.QuantityRefused):
        return False
    claim.stock_taken = claim.quantity
    return True


@transaction.atomic
def refuse(*, claim_id: UUID, reason: str, actor: Actor, at: datetime) -> FaultClaim:
    """The merchant says no and why; the buyer has seven days, then it is a complaint by itself.

    :raises NoReasonGiven: without a reason; TooLate: after the time to answer or to look at it
    """
    if not reason.strip():
        raise NoReasonGiven(field="reason")
    claim = locked(claim_id)
    CLAIM.target(claim.state, "refuse")
    claim_deadlines.require_saying_no_in_time(claim, at=at)
    object_by = claim_deadlines.start_refusal(claim, at=at)
    fact = ClaimRefused(*ids(claim), object_by)
    move_claim(claim, "refuse", actor=actor, at=at, fact=fact, refusal=reason.strip())
    return claim


@transaction.atomic
def withdraw(*, claim_id: UUID, actor: Actor, at: datetime) -> FaultClaim:
    """The buyer keeps the goods as they are.

    :raises IllegalMove: once they are on their way or with the shop
    """
    claim = locked(claim_id)
    if claim.state == ClaimState.POSTED:
        raise IllegalMove(aggregate="claim", move="close", state=claim.state)
    return close(claim_id=claim_id, cause="withdrawn", actor=actor, at=at)


@transaction.atomic
def close(*, claim_id: UUID, cause: str, actor: Actor, at: datetime) -> FaultClaim:
    """End a claim with nothing done: not_posted, never_scanned, withdrawn, complaint or order_over.

    With the goods at the shop only `order_over` ends it: then all the money is back already.
    """
    claim = locked(claim_id)
    name = "end" if cause == "order_over" and CLAIM.allows(claim.state, "end") else "close"
    CLAIM.target(claim.state, name)
    paying.give_up_stock(claim, actor=actor, at=at)
    claim_deadlines.end(claim, at=at)
    for shipment in Shipment.objects.filter(claim=claim):
        deadlines.end_parcel_watch(shipment, at=at)
    fact = ClaimClosed(*ids(claim), cause)
    move_claim(
        claim,
        name,
        actor=actor,
        at=at,
        fact=fact,
        proof={"cause": cause},
        stock_taken=claim.stock_taken,
    )
    settlement.settle_if_free(claim.order, at=at)
    return claim
