"""Goods going back: asked, accepted, posted, received, refunded; or refused, or closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import asking, deadlines, dealing, fulfilment, parcel_numbers, part_returns, refunding, settlement
from orders.asking import (
    AlreadyReturning,
    LineNotReturnable,
    NotDelivered,
    NothingPicked,
    QualityWindowClosed,
    ReturnWindowClosed,
)
from orders.events import (
    ReturnAccepted,
    ReturnAsked,
    ReturnClosed,
    ReturnPosted,
    ReturnReceived,
    ReturnRefunded,
    ReturnRefused,
)
from orders.lifecycle import RETURN, OrderState, ReturnState, move_return
from orders.models import Order, Return, ReturnLine, ReturnMove, Shipment
from outbox import bus

__all__ = [
    "AlreadyReturning",
    "LineNotReturnable",
    "NotDelivered",
    "NothingPicked",
    "QualityWindowClosed",
    "ReasonMissing",
    "ReturnWindowClosed",
    "accept",
    "ask",
    "close",
    "post",
    "receive",
    "refund",
    "refuse",
    "reopen",
]


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = N_("Say what is wrong with the goods that came back. The buyer reads it and can object.")


class CantReopen(DomainError):
    code = "cant_reopen"
    message = N_("The return window is over, so this return can't be taken up again. You can still complain.")


@transaction.atomic
def ask(
    *,
    order_id: UUID,
    lines: Sequence[tuple[UUID, int]],
    actor: Actor,
    at: datetime,
    kind: str = "no_reason",
    note: str = "",
) -> Return:
    """Ask to send back so many of these lines. Without a reason and open by rule: accepted at once.

    :raises NotDelivered, ReturnWindowClosed, QualityWindowClosed: when it is too early or too late
    :raises LineNotReturnable, AlreadyReturning, QuantityOutOfRange, NothingPicked: naming the line
    """
    order = Order.objects.select_related("merchant").locked(order_id)
    request = asking.check(order, lines=lines, kind=kind, at=at)
    returning = _write(order, request, kind=kind, note=note, at=at)
    ReturnMove.objects.create(
        returning=returning, name="ask", from_state="", to_state=returning.state, actor=str(actor), at=at
    )
    bus.publish(ReturnAsked(*_ids(returning), kind, returning.amount_minor), at=at)
    if request.at_once:
        _accept(returning, by_silence=False, actor=Actor.system(), at=at)
    else:
        deadlines.start_return_answer(returning, at=at)
    return returning


def _write(order: Order, request: asking.Request, *, kind: str, note: str, at: datetime) -> Return:
    """The return and its lines, with the sum that the buyer has seen."""
    returning = Return.objects.create(
        order=order,
        subject_id=order.subject_id,
        kind=kind,
        rule_id=request.rule_id,
        postage_payer=request.postage_payer,
        goods_minor=request.sum.goods.minor,
        freight_minor=request.sum.freight.minor,
        amount_minor=request.sum.amount.minor,
        reckoning=request.parts.frozen(),
        note=note,
        refusal="",
        asked_at=at,
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(
            returning=returning,
            line_id=step.line_id,
            quantity=step.units,
            goods_minor=step.goods.minor,
            freight_minor=step.freight.minor,
        )
        for step in request.sum.steps
    )
    return returning


@transaction.atomic
def accept(*, return_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> Return:
    """The merchant agrees, or has let its 48 hours pass; the buyer has seven days to post."""
    returning = _locked(return_id)
    _accept(returning, by_silence=by_silence, actor=actor, at=at)
    return returning


def _accept(returning: Return, *, by_silence: bool, actor: Actor, at: datetime) -> None:
    RETURN.target(returning.state, "accept")
    post_by = deadlines.start_posting(returning, at=at)
    fact = ReturnAccepted(*_ids(returning), by_silence, post_by)
    move_return(returning, "accept", actor=actor, at=at, fact=fact, accepted_at=at, post_by=post_by)


@transaction.atomic
def post(
    *,
    return_id: UUID,
    tracking_number: str,
    actor: Actor,
    at: datetime,
    carrier: str = "sandbox",
    by_carrier: bool = False,
) -> Shipment:
    """The buyer has handed the parcel over; `by_carrier`: its carrier says so, which is never too late.

    :raises TrackingNumberInvalid, TrackingNumberTaken: with the field to change; TooLate: after seven days
    """
    number = parcel_numbers.clean(carrier, tracking_number)
    returning = _locked(return_id)
    RETURN.target(returning.state, "post")
    if not by_carrier:
        deadlines.require_posting_in_time(returning, at=at)
    shipment = fulfilment.open_parcel(
        returning.order, carrier=carrier, number=number, at=at, returning_id=returning.pk
    )
    deadlines.end_posting(returning, at=at)
    fact = ReturnPosted(*_ids(returning), shipment.pk)
    move_return(returning, "post", actor=actor, at=at, fact=fact, posted_at=at)
    return shipment


@transaction.atomic
def receive(*, return_id: UUID, actor: Actor, at: datetime) -> Return:
    """The goods are back (carrier's scan or merchant's word): 48 hours to inspect them start."""
    returning = _locked(return_id)
    RETURN.target(returning.state, "receive")
    for shipment in Shipment.objects.filter(returning=returning):
        deadlines.end_parcel_watch(shipment, at=at)
    inspect_by = deadlines.start_inspection(returning, at=at)
    fact = ReturnReceived(*_ids(returning), inspect_by)
    move_return(returning, "receive", actor=actor, at=at, fact=fact, received_at=at, inspect_by=inspect_by)
    return returning


@transaction.atomic
def refund(*, return_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> Return:
    """Pay back the sum that was shown when the return was asked for; the goods are the merchant's again."""
    returning = _locked(return_id)
    RETURN.target(returning.state, "refund")
    order = returning.order
    part_returns.raise_to_present(returning)
    amount = min(part_returns.take_back(returning), order.left)
    if amount:
        refunding.give_back(order, amount=amount, purpose=f"return:{returning.pk}", actor=actor, at=at)
    dealing.void_returned(returning, at=at)
    deadlines.end_inspection(returning, at=at)
    deadlines.end_return(returning, at=at)
    move_return(
        returning,
        "refund",
        actor=actor,
        at=at,
        fact=ReturnRefunded(*_ids(returning), amount.minor, by_silence),
        proof={"amount_minor": amount.minor, "by_silence": by_silence},
        refunded_at=at,
    )
    refunding.end_if_empty(order, actor=actor, at=at)
    settlement.settle_if_free(order, at=at)
    return returning


@transaction.atomic
def refuse(*, return_id: UUID, reason: str, actor: Actor, at: datetime) -> Return:
    """The merchant says no and why; the buyer has seven days, then it is a complaint by itself.

    :raises ReasonMissing: without a reason; TooLate: after the time to answer or inspect
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    returning = _locked(return_id)
    RETURN.target(returning.state, "refuse")
    deadlines.require_inspection_in_time(returning, at=at)
    object_by = deadlines.start_refusal(returning, at=at)
    fact = ReturnRefused(*_ids(returning), returning.amount_minor, object_by)
    move_return(returning, "refuse", actor=actor, at=at, fact=fact, refusal=reason.strip())
    return returning


@transaction.atomic
def close(*, return_id: UUID, cause: str, actor: Actor, at: datetime) -> Return:
    """End a return without a refund: not_posted, never_scanned, withdrawn, complaint or order_over."""
    returning = _locked(return_id)
    RETURN.target(returning.state, "close")
    deadlines.end_return(returning, at=at)
    for shipment in Shipment.objects.filter(returning=returning):
        deadlines.end_parcel_watch(shipment, at=at)
    returning.lines.update(is_open=False)
    move_return(
        returning,
        "close",
        actor=actor,
        at=at,
        fact=ReturnClosed(*_ids(returning), cause),
        proof={"cause": cause},
    )
    settlement.settle_if_free(returning.order, at=at)
    return returning


@transaction.atomic
def reopen(*, return_id: UUID, actor: Actor, at: datetime, arrived: bool = False) -> Return:
    """Take up an accepted return that closed: in the window or a case, or as its parcel `arrived` after all.

    :raises CantReopen: when none of it holds, or a say of the merchant stands between
    :raises AlreadyReturning: when its goods are in another return
    """
    returning = _locked(return_id)
    RETURN.target(returning.state, "reopen")
    if not may_reopen(returning, at=at, arrived=arrived):
        raise CantReopen()
    asking.check_lines_free(line.line_id for line in returning.lines.all())
    returning.lines.update(is_open=True)
    post_by = deadlines.start_posting(returning, at=at)
    fact = ReturnAccepted(*_ids(returning), False, post_by)
    move_return(returning, "reopen", actor=actor, at=at, fact=fact, post_by=post_by)
    return returning


def may_reopen(returning: Return, *, at: datetime, arrived: bool = False) -> bool:
    """Never around a refusal, nor on an order whose money has left escrow: nothing could be paid back."""
    order = returning.order
    coming = order.state in asking.COMING
    there = coming or order.state == OrderState.DELIVERED
    if not there or returning.accepted_at is None or returning.refusal:
        return False
    if arrived:
        again = ReturnLine.objects.filter(line__in=returning.lines.values("line"), is_open=True)
        return not again.exists()
    in_time = order.window_ends_at is not None and at < order.window_ends_at
    return coming or in_time or order.holds.filter(lifted_at__isnull=True).exists()


def _locked(return_id: UUID) -> Return:
    """The return with its order's row locked: the order is the root of both."""
    found = Return.objects.get_or_not_found(pk=return_id)
    order = Order.objects.locked(found.order_id)
    returning = Return.objects.get(pk=return_id)
    returning.order = order
    return returning


def _ids(returning: Return) -> tuple[UUID, UUID, UUID, UUID]:
    order = returning.order
    return order.pk, order.merchant_id, order.subject_id, returning.pk


def is_open(returning: Return) -> bool:
    return returning.state not in (ReturnState.REFUNDED, ReturnState.CLOSED)
