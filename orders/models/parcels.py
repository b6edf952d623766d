"""Parcels on their way to a buyer or back, and what carriers saw of them."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import MOST_OF_ONE, TRACKING_LENGTH
from orders.models.labels import OF_ITS_LABEL
from orders.scan_kinds import Fate, ScanKind

# The ways of a claim's parcels: the faulty goods to the shop, the mended or other ones to the buyer.
TO_SHOP, TO_BUYER = "to_shop", "to_buyer"


# What is redeemed isn't sent, and what is sent isn't redeemed.
_AS_BOUGHT = """
IF (NEW.carrier = 'voucher') IS DISTINCT FROM
   (SELECT delivery = 'voucher' FROM orders_order WHERE id = NEW.order_id) THEN
    RAISE EXCEPTION 'services are redeemed and never sent' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Shipment(models.Model):
    """A parcel: outward when it belongs to an order alone, on its way back when it belongs to a return.

    One of a fault claim goes either way: `claim_way` says which; it never counts for the order's own sending.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="shipments")
    returning = models.ForeignKey(
        "orders.Return", on_delete=models.PROTECT, related_name="shipments", null=True, blank=True
    )
    claim = models.ForeignKey(
        "orders.FaultClaim", on_delete=models.PROTECT, related_name="shipments", null=True, blank=True
    )
    claim_way = models.CharField(max_length=10, default="", db_default="", blank=True)
    carrier = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=TRACKING_LENGTH)
    handed_over_at = models.DateTimeField()
    last_scan_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    # Since when it counts as not arriving, and why (scan_kinds.Fate); "" also for old rows.
    lost_at = models.DateTimeField(null=True)
    fate = models.CharField(max_length=10, default="", db_default="", blank=True)
    # Somebody else signed: the buyer was asked, and said no. Refused at the door: on its way back.
    asked_at = models.DateTimeField(null=True)
    denied_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    tenant = "order"

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"], name="a_tracking_number_is_one_parcel"
            ),
            models.CheckConstraint(condition=~Q(tracking_number=""), name="a_parcel_has_a_number"),
            models.CheckConstraint(
                condition=Q(fate="") | Q(fate__in=[str(each) for each in Fate], lost_at__isnull=False),
                name="what_became_of_a_parcel_is_known",
            ),
            models.CheckConstraint(
                condition=Q(denied_at__isnull=True) | Q(asked_at__isnull=False),
                name="only_who_was_asked_denies",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True, claim_way="")
                | Q(claim__isnull=False, returning__isnull=True, claim_way__in=[TO_SHOP, TO_BUYER]),
                name="a_parcel_of_a_claim_has_a_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["handed_over_at"],
                condition=Q(delivered_at__isnull=True, lost_at__isnull=True),
                name="parcels_under_way",
            ),
            models.Index(fields=["tracking_number"], name="parcels_by_number"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="services_are_redeemed_and_never_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__returning__isnull=True, new__claim__isnull=True),
                func=_AS_BOUGHT,
            ),
            pgtrigger.Trigger(
                name="a_label_s_number_is_its_own_parcel_s",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_ITS_LABEL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"

    @property
    def is_outward(self) -> bool:
        """Whether it brings what was bought, by the order itself."""
        return self.returning_id is None and self.claim_id is None

    @property
    def is_under_way(self) -> bool:
        return self.delivered_at is None and self.lost_at is None

    @property
    def is_asked(self) -> bool:
        """Whether its buyer has still to say if they got it."""
        answered = self.denied_at is not None or self.refused_at is not None
        return self.asked_at is not None and not answered and self.is_under_way

    @property
    def ended_at(self) -> datetime | None:
        """Since when nobody waits for it any more: handed over, or counted as lost."""
        return self.delivered_at or self.lost_at


# The pieces are counted on their line, whose own constraint refuses one too many, also of two at once.
_COUNT_PIECES = """
UPDATE orders_orderline SET sent_quantity = sent_quantity + NEW.quantity
 WHERE id = NEW.line_id
   AND order_id = (SELECT order_id FROM orders_shipment
                    WHERE id = NEW.shipment_id AND returning_id IS NULL AND claim_id IS NULL);
IF NOT FOUND THEN
    RAISE EXCEPTION 'a parcel holds pieces of its own order'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_parcel_holds_pieces_of_its_order';
END IF;
RETURN NEW;
"""


class ParcelLine(models.Model):
    """So many pieces of one order line in an outward parcel; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()

    append_only = True
    tenant = "shipment"

    class Meta:
        verbose_name = _("line of a parcel")
        verbose_name_plural = _("lines of parcels")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_parcel_holds_pieces_of_its_order",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Immediate,
                func=_COUNT_PIECES,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="a_line_stands_once_in_a_parcel"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="parcel_quantity_is_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


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
                condition=Q(kind__in=[str(each) for each in ScanKind]), name="scan_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"
