"""Parcels on their way to a buyer or back, and what carriers saw of them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import TRACKING_LENGTH


class Shipment(models.Model):
    """A parcel: outward when it belongs to an order, on its way back when it belongs to a return."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="shipments")
    returning = models.ForeignKey(
        "orders.Return", on_delete=models.PROTECT, related_name="shipments", null=True, blank=True
    )
    carrier = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=TRACKING_LENGTH)
    handed_over_at = models.DateTimeField()
    last_scan_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    tenant = "order"

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"], name="a_tracking_number_is_one_parcel"
            ),
            models.CheckConstraint(condition=~Q(tracking_number=""), name="a_parcel_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class Scan(models.Model):
    """One signed event of a carrier, once; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="scans")
    carrier = models.CharField(max_length=40)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    append_only = True
    tenant = "shipment"

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "event_id"], name="a_carrier_event_counts_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["collected", "in_transit", "delivered"]), name="scan_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"
