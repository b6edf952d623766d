"""Stock: what is there, what is promised to buyers, and who changed it."""

from __future__ import annotations

import pgtrigger
from django.db import models

from catalog.lifecycle import ReservationState
from catalog.queries import ReservationQuerySet, StockQuerySet
from kernel.ids import new_id
from merchants.models import history


class Stock(models.Model):
    """Pieces on hand, and how many of them unpaid or paid orders hold."""

    variant = models.OneToOneField(
        "catalog.Variant", on_delete=models.PROTECT, primary_key=True, related_name="stock"
    )
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="stocks")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    # Set by the database when there was nothing to buy and now there is; cleared once people were told.
    came_back = models.BooleanField(default=False, db_default=False)

    objects = StockQuerySet.as_manager()

    tenant = "listing"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="stock_marks_what_came_back",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("on_hand", "reserved"),
                condition=pgtrigger.Condition("OLD.on_hand <= OLD.reserved AND NEW.on_hand > NEW.reserved"),
                func="NEW.came_back := true; RETURN NEW;",
            )
        ]
        indexes = [
            models.Index(name="stock_that_came_back", fields=["variant"], condition=models.Q(came_back=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="stock_reserved_is_at_most_on_hand",
                condition=models.Q(reserved__gte=0, reserved__lte=models.F("on_hand")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} on hand, {self.reserved} reserved"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Reservation(models.Model):
    """Pieces held for a reference (an order) until it is paid, given up or expired."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.UUIDField()
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="held")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    tenant = "listing"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reservation_once_per_reference_and_variant", fields=["reference", "variant"]
            ),
            models.CheckConstraint(name="reservation_holds_something", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="reservation_state_is_known",
                condition=models.Q(state__in=[str(state) for state in ReservationState]),
            ),
            models.CheckConstraint(
                name="reservation_ended_has_an_instant",
                condition=models.Q(state="held", ended_at__isnull=True)
                | ~models.Q(state="held") & models.Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="reservation_overdue", fields=["expires_at"], condition=models.Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} for {self.reference}"


class StockChange(models.Model):
    """A change of the count by a person, an import or a return; sales stand in reservations."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    on_hand_after = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "listing"

    class Meta:
        triggers = [history("stock_change_is_append_only")]
        constraints = [
            models.CheckConstraint(name="stock_change_changes_something", condition=~models.Q(quantity=0)),
        ]
        indexes = [models.Index(name="stock_change_by_time", fields=["variant", "at"])]

    def __str__(self) -> str:
        return f"{self.quantity:+d} ({self.reason})"
