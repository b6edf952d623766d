"""Paid orders count towards the yearly line of sellers without registration."""

from __future__ import annotations

from datetime import datetime

from merchants import petty_trade
from orders.events import OrderPaid
from orders.models import Order


def on_order_paid(event: OrderPaid, *, at: datetime) -> None:
    """Once per order, however often it is told."""
    order = Order.objects.get(pk=event.order_id)
    petty_trade.note_sale(
        merchant_id=order.merchant_id, reference=order.pk, amount_minor=event.total_minor, at=at
    )
