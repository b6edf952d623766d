"""Whether an order's money waits apart, because the payer's bank has asked it back."""

from __future__ import annotations

from uuid import UUID

from orders.models import Order

HOLD = "dispute"


def is_waiting(order_id: UUID) -> bool:
    """What would move the order's money is decided now and done when the dispute has ended."""
    return Order.objects.filter(pk=order_id, holds__reason=HOLD, holds__lifted_at__isnull=True).exists()
