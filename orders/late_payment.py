"""Money that arrives after its order has ended: the goods if they are still there, else all of it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from orders import refunding
from orders.events import LatePaymentRefunded
from orders.lifecycle import ORDER
from orders.models import Order
from outbox import bus
from payments import escrow


def take_late_payment(order: Order, *, start: Callable[..., None], actor: Actor, at: datetime) -> None:
    """`order` is locked and over. Does nothing when no money lies in its escrow (a repeated notice)."""
    if escrow.balance(order.pk).is_zero:
        return
    if ORDER.allows(order.state, "pay_late") and _take_goods(order, at=at):
        start(order, "pay_late", actor=actor, at=at)
        return
    amount = order.left
    refunding.give_back(order, amount=amount, purpose="late_payment", actor=Actor.system(), at=at)
    fact = LatePaymentRefunded(order.pk, order.merchant_id, order.subject_id, amount.minor)
    bus.publish(fact, at=at)


def _take_goods(order: Order, *, at: datetime) -> bool:
    wanted = [(line.variant_id, line.quantity) for line in order.lines.order_by("variant_id")]
    try:
        with transaction.atomic():
            stock.reserve(lines=wanted, reference=order.pk, expires_at=at, at=at)
            stock.commit(reference=order.pk, at=at)
    except stock.OutOfStock:
        return False
    return True
