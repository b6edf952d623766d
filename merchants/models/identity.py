"""A shop's public identity over time: confirmed, changed, shown; and a petty trader's year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from merchants.models.shops import Merchant, history


class IdentityConfirmation(models.Model):
    """The shop, or staff who compared it by hand, says that everything shown about it is still true."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=80)
    # With what staff compared it; a shop need not say.
    reason = models.CharField(max_length=500, blank=True, default="", db_default="")
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("identity_confirmation_is_append_only")]
        constraints = [
            models.CheckConstraint(
                name="identity_compared_by_hand_says_with_what",
                condition=~models.Q(actor__startswith="staff:") | ~models.Q(reason=""),
            ),
        ]
        indexes = [models.Index(name="identity_confirmed_last", fields=["merchant", "-at"])]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.at}"


class IdentityChange(models.Model):
    """What a shop reports about itself: since when, and when the platform showed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="identity_changes")
    # Column of the shop → its new words; all of them are public by law.
    fields = models.JSONField()
    changed_on = models.DateField()
    reported_at = models.DateTimeField()
    # Reported after the legal days: it counts, and the shop's record says so.
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="reported")
    reason = models.TextField(max_length=2000, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_change_state_is_known",
                condition=Q(state__in=["reported", "shown", "refused"]),
            ),
            models.CheckConstraint(
                name="identity_change_refused_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="identity_change_decided_says_when",
                condition=Q(state="reported") | Q(decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="identity_change_one_at_a_time", fields=["merchant"], condition=Q(state="reported")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.changed_on}: {self.state}"


class PettySale(models.Model):
    """What a seller without registration was paid, counted once per order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    reference = models.UUIDField(unique=True)
    year = models.PositiveSmallIntegerField()
    amount_minor = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("petty_sale_is_append_only")]
        indexes = [models.Index(name="petty_sales_of_a_year", fields=["merchant", "year"])]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.year}: {self.amount_minor}"


class PettyYear(models.Model):
    """How near a year's sales came to the line: when the shop was warned, and asked for a licence."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    # When a private person was told that it comes near the line at which it counts as a trader.
    near_trading_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="petty_year_once", fields=["merchant", "year"]),
            models.CheckConstraint(
                name="petty_year_asked_was_warned",
                condition=Q(asked_at__isnull=True) | Q(warned_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.year}"
