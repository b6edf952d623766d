"""What becomes of a buyer's coupons when their purchase comes to nothing, or to something after all."""

from __future__ import annotations

from datetime import datetime

from orders.events import OrderCancelled, OrderExpired, OrderPaid, OrderRefunded
from orders.promotions import claiming, gifts


def on_order_over(event: OrderExpired | OrderCancelled | OrderRefunded, *, at: datetime) -> None:
    claiming.give_back(order_id=event.order_id, at=at)
    if not isinstance(event, OrderRefunded):
        gifts.take_back(order_id=event.order_id)


def on_order_paid(event: OrderPaid, *, at: datetime) -> None:
    if event.late:
        claiming.use_again(order_id=event.order_id, at=at)
