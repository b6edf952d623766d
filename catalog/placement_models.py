"""Places in a list that a shop pays for: which goods, on which days, and what came of each day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money


class PaidWith(models.TextChoices):
    """What a place was paid with, and what goes back for days that never come."""

    MONEY = "money", _("Money from the balance")
    POINTS = "points", _("Merchant points")


class Placement(models.Model):
    """One booking: paid for all its days at once; refused by staff with a reason, or running."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    per_day_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    paid_with = models.CharField(
        max_length=8, choices=PaidWith.choices, default=PaidWith.MONEY, db_default="money"
    )
    state = models.CharField(max_length=8, default="booked")
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(max_length=2000, blank=True, default="")
    returned_minor = models.BigIntegerField(default=0)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="placement_state_is_known", condition=Q(state__in=["booked", "refused"])
            ),
            models.CheckConstraint(
                name="placement_is_paid_in_a_known_way", condition=Q(paid_with__in=PaidWith.values)
            ),
            models.CheckConstraint(
                name="placement_lasts_and_costs", condition=Q(days__gt=0, per_day_minor__gt=0)
            ),
            models.CheckConstraint(
                name="placement_refused_says_who_when_and_why",
                condition=Q(state="booked")
                | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="placement_returns_what_was_paid_at_most",
                condition=Q(returned_minor__gte=0, returned_minor__lte=F("days") * F("per_day_minor")),
            ),
        ]
        indexes = [models.Index(name="placements_of_a_shop", fields=["merchant", "-booked_at"])]

    def __str__(self) -> str:
        return f"{self.listing} · {self.first_day} +{self.days}"

    @property
    def amount(self) -> Money:
        return Money(self.days * self.per_day_minor, self.currency)

    @property
    def returned(self) -> Money:
        return Money(self.returned_minor, self.currency)


class PlacementDay(models.Model):
    """One paid day: how often it was shown and followed. Counts only, of nobody in particular."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="by_day")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    followed = models.PositiveIntegerField(default=0)

    tenant = "placement"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="placement_once_a_day_for_a_listing", fields=["listing", "day"]),
        ]
        indexes = [models.Index(name="placements_by_day", fields=["day"])]

    def __str__(self) -> str:
        return f"{self.day}: {self.shown} shown, {self.followed} followed"
