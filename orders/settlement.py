"""Paying the merchant, when nothing keeps the money back any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders import deadlines, import_duties
from orders.events import OrderSettled
from orders.lifecycle import ORDER, move
from orders.models import Order
from orders.shop_share import fee_on as fee_on
from orders.shop_share import is_held as is_held
from orders.states import HELD_STATES
from orders.vouchers import releasing
from payments import escrow, reserve
from payments.duties import Duty
from payments.points import redeeming


class NotYetDue(DomainError):
    code = "settlement_not_due"
    message = N_("The money stays in escrow until %(until)s, so that the buyer can still return the goods.")


class MoneyHeld(DomainError):
    code = "money_held"
    message = N_("The money is frozen: a case, a return or a repair of this order is still open.")


@transaction.atomic
def settle(*, order_id: UUID, actor: Actor, at: datetime) -> Order:
    """Release the order's escrow to the merchant, less the platform's fee.

    :raises IllegalMove: unless it is delivered
    :raises NotYetDue: before its stored instant
    :raises MoneyHeld: while a hold or a return stands
    """
    order = Order.objects.locked(order_id)
    ORDER.target(order.state, "settle")
    if order.settles_at is None or at < order.settles_at:
        raise NotYetDue(until=order.settles_at)
    if is_held(order):
        raise MoneyHeld()
    _release(order, actor=actor, at=at)
    return order


def settle_if_free(order: Order, *, at: datetime) -> None:
    """What keeps the money back has gone: settle a locked order now if its time has come."""
    if order.is_voucher and order.state in HELD_STATES and not is_held(order):
        releasing.release(order, until=at, at=at)
    due = order.settles_at is not None and order.settles_at <= at
    if due and ORDER.allows(order.state, "settle") and not is_held(order):
        _release(order, actor=Actor.system(), at=at)


def _release(order: Order, *, actor: Actor, at: datetime) -> None:
    # Not the balance: a refund that failed at the provider waits there too, and is the buyer's.
    amount, duty = order.left, import_duties.due(order)
    fee = fee_on(amount - duty.amount if duty else amount, order)
    deadlines.end_settlement(order, at=at)
    if order.is_voucher:
        releasing.release(order, until=None, at=at)
    else:
        _pay_out(order, fee, duty, actor=actor, at=at)
    move(
        order,
        "settle",
        actor=actor,
        at=at,
        fact=OrderSettled(order.pk, order.merchant_id, order.subject_id, amount.minor, fee.minor),
        proof={"amount_minor": amount.minor, "fee_minor": fee.minor, "currency": amount.currency},
        settled_at=at,
    )


def _pay_out(order: Order, fee: Money, duty: Duty | None, *, actor: Actor, at: datetime) -> None:
    amount = order.left
    escrow.release(
        reference=order.pk,
        merchant_id=order.merchant_id,
        amount=amount,
        fee=fee,
        purpose="settlement",
        actor=actor,
        at=at,
        duty=duty,
    )
    net = amount - fee - duty.amount if duty else amount - fee
    redeeming.relieve(merchant_id=order.merchant_id, reference=order.pk, fee=fee, at=at)
    reserve.keep(merchant_id=order.merchant_id, reference=order.pk, net=net, at=at)
