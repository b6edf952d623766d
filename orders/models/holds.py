"""What keeps an order's money where it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.models.contract import Order


class OrderHold(models.Model):
    """While one stands, no money leaves for the merchant; overlapping cases can't free each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=40)
    reference = models.UUIDField()
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    tenant = "order"

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "reason", "reference"],
                condition=Q(lifted_at__isnull=True),
                name="a_case_holds_an_order_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} on {self.order_id}"
