"""What becomes of a campaign's money as its orders go their way."""

from __future__ import annotations

from datetime import datetime

from orders.campaigns import funding
from orders.events import OrderCancelled, OrderExpired, OrderPaid, OrderRefunded, OrderSettled
from orders.models import Order
from rulebook import policies


def on_order_paid(event: OrderPaid, *, at: datetime) -> None:
    funding.hold(order_id=event.order_id, at=at)


def on_order_over(event: OrderExpired | OrderCancelled | OrderRefunded, *, at: datetime) -> None:
    funding.follow(Order.objects.get_or_not_found(pk=event.order_id), at=at)


def on_order_settled(event: OrderSettled, *, at: datetime) -> None:
    order = Order.objects.get_or_not_found(pk=event.order_id)
    permille = policies.number("fee.platform_permille", order.placed_at)
    funding.settle(order_id=order.pk, fee_permille=permille, at=at)
