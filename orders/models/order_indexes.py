"""How orders are found: by their buyer, by their shop, by their payment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def indexes() -> list[models.Index]:
    """Of the order."""
    return [
        models.Index(fields=["subject", "-placed_at", "-id"], name="orders_of_a_buyer"),
        models.Index(
            fields=["merchant", "state", "-placed_at", "-id"],
            condition=Q(paid_at__isnull=False),
            name="paid_orders_of_a_merchant",
        ),
        models.Index(fields=["merchant", "-placed_at", "-id"], name="latest_orders_of_a_merchant"),
        models.Index(fields=["payment_id"], name="orders_of_a_payment"),
    ]
