"""Money that arrives after its order ended: the goods and coupons if they are there, else all of it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from orders import refunding
from orders.campaigns import funding
from orders.campaigns.claiming import CampaignSpent
from orders.events import LatePaymentRefunded
from orders.lifecycle import ORDER
from orders.models import Order
from orders.promotions import claiming, gifts
from outbox import bus
from payments import escrow


def take_late_payment(order: Order, *, start: Callable[..., None], actor: Actor, at: datetime) -> None:
    """`order` is locked and over. Does nothing when no money lies in its escrow (a repeated notice)."""
    if escrow.balance(order.pk).is_zero:
        return
    if ORDER.allows(order.state, "pay_late") and _take_all(order, at=at):
        start(order, "pay_late", actor=actor, at=at)
        return
    amount = order.left
    refunding.give_back(order, amount=amount, purpose="late_payment", actor=Actor.system(), at=at)
    fact = LatePaymentRefunded(order.pk, order.merchant_id, order.subject_id, amount.minor)
    bus.publish(fact, at=at)


def _take_all(order: Order, *, at: datetime) -> bool:
    """The goods, the gifts, and the coupons that its price rests on, if nobody else has them by now."""
    wanted = [(line.variant_id, line.quantity) for line in order.lines.order_by("variant_id")]
    try:
        with transaction.atomic():
            claiming.use_again(order_id=order.pk, at=at)
            funding.renew(order_id=order.pk, at=at)
            gifts.give_again(order_id=order.pk)
            stock.reserve(lines=wanted, reference=order.pk, expires_at=at, at=at)
            stock.commit(reference=order.pk, at=at)
    except (claiming.CouponUsed, CampaignSpent, gifts.GiftsGone, stock.OutOfStock):
        return False
    return True
