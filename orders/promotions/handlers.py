"""What becomes of a buyer's coupons and gifts when their purchase comes to nothing."""

from __future__ import annotations

from datetime import datetime

from orders.events import OrderCancelled, OrderExpired, OrderRefunded
from orders.promotions import claiming, gifts


def on_order_over(event: OrderExpired | OrderCancelled | OrderRefunded, *, at: datetime) -> None:
    claiming.give_back(order_id=event.order_id, at=at)
    if not isinstance(event, OrderRefunded):
        gifts.take_back(order_id=event.order_id)
