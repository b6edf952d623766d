"""The time of a voucher is over: nothing lapses, what wasn't used goes back to the buyer by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from orders import progress, refunding
from orders.events import VoucherLapsed
from orders.lifecycle import OrderState, prove
from orders.models import Order
from orders.vouchers import ending
from outbox import bus


@transaction.atomic
def lapse(*, order_id: UUID, actor: Actor, at: datetime) -> None:
    """Refund the uses that nobody redeemed; nothing where all were, or the order is over."""
    order = Order.objects.select_related("merchant").locked(order_id)
    if order.state != OrderState.PAID or not order.is_voucher:
        return
    rest, amount = ending.give_back_unused(order, purpose="voucher_lapsed", actor=actor, at=at)
    for line, pieces in sorted(rest, key=lambda pair: pair[0].variant_id):
        stock.put_back(variant_id=line.variant_id, quantity=pieces, actor=actor, at=at, reason="cancelled")
    held = {str(line.pk): pieces for line, pieces in rest}
    prove(order, "orders.voucher.lapse", {"pieces": held, "refunded_minor": amount.minor}, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(VoucherLapsed(*ids, amount.minor), at=at)
    refunding.end_if_empty(order, actor=actor, at=at)
    progress.follow(order, actor=actor, at=at)
