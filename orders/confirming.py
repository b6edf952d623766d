"""A shop says whether it can deliver what it has to confirm: then the money is taken, or let go at once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import cancellation, confirm_deadlines, reserving
from orders.confirm_events import OrderConfirmed
from orders.lifecycle import OrderState, prove
from orders.models import Order
from outbox import bus
from web import tenancy


class Decline(StrEnum):
    """Why a shop can't deliver what it had to confirm."""

    SOLD_OUT = "sold_out"
    CANNOT_MAKE = "cannot_make"
    CANNOT_SEND = "cannot_send"


class NothingToConfirm(DomainError):
    code = "nothing_to_confirm"
    message = N_("This order doesn't wait for your confirmation. Reload the page: it says where it stands.")


class ReasonUnknown(Invalid):
    code = "decline_reason_unknown"
    message = N_("Choose a reason from the list. The buyer reads it.")


@transaction.atomic
@tenancy.widened()
def confirm(*, order_id: UUID, actor: Actor, at: datetime) -> Order:
    """The shop can deliver: the money is asked for as soon as every shop of the purchase has spoken. Once.

    Other shops' orders of the purchase are locked with it, since one payment covers them all.

    :raises NothingToConfirm: also when it has ended; TooLate: at or after its time
    """
    orders = reserving.locked_with(order_id)
    order = next(each for each in orders if each.pk == order_id)
    if order.confirmed_at is not None and order.state in (OrderState.RESERVED, OrderState.PAID):
        return order
    _require_waiting(order, at=at)
    order.confirmed_at = at
    order.save(update_fields=["confirmed_at"])
    order.moves.create(name="confirm", from_state=order.state, to_state=order.state, actor=str(actor), at=at)
    prove(order, "orders.order.confirm", {"total_minor": order.total_minor}, at=at)
    confirm_deadlines.end(order, at=at)
    ids, taken = (order.pk, order.merchant_id, order.subject_id), order.state == OrderState.PAID
    bus.publish(OrderConfirmed(*ids, taken), at=at)
    reserving.follow(orders, actor=actor, at=at)
    return order


@transaction.atomic
@tenancy.widened()
def decline(*, order_id: UUID, reason: str, actor: Actor, at: datetime) -> Order:
    """The shop can't deliver: nothing is taken, or all of it goes back where it was taken at once.

    :raises ReasonUnknown: with the field to change
    :raises NothingToConfirm: also when it has ended; TooLate: at or after its time
    """
    if reason not in set(Decline):
        raise ReasonUnknown(field="reason")
    orders = reserving.locked_with(order_id)
    order = next(each for each in orders if each.pk == order_id)
    _require_waiting(order, at=at)
    _end(order, orders, cause=f"{reserving.DECLINED}{reason}", actor=actor, at=at)
    return order


@transaction.atomic
def take_silence_for_no(*, order_id: UUID, at: datetime) -> None:
    """The shop's time is over and it said nothing; twice is once."""
    orders = reserving.locked_with(order_id)
    order = next(each for each in orders if each.pk == order_id)
    if order.is_unconfirmed and order.state in (OrderState.RESERVED, OrderState.PAID):
        _end(order, orders, cause=reserving.SILENCE, actor=Actor.system(), at=at)


def _require_waiting(order: Order, *, at: datetime) -> None:
    if not order.is_unconfirmed or order.state not in (OrderState.RESERVED, OrderState.PAID):
        raise NothingToConfirm()
    confirm_deadlines.require_in_time(order, at=at)


def _end(order: Order, orders: list[Order], *, cause: str, actor: Actor, at: datetime) -> None:
    if order.state == OrderState.RESERVED:
        reserving.let_go(order, orders, cause=cause, actor=actor, at=at)
        return
    cancellation.cancel(order_id=order.pk, cause=cause, actor=actor, at=at)
    order.refresh_from_db()
