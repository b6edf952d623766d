"""What each shop must leave as a deposit, and the calls for what is missing of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money


class Deposit(models.Model):
    """What the shop must leave just now; what lies there is the sum of its account, `accounts.deposit`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    required_minor = models.BigIntegerField()
    # Since when the shop is closed: nothing is called for any more, and what lies there still pays buyers.
    leaving_at = models.DateTimeField(null=True)
    given_back_at = models.DateTimeField(null=True)

    tenant = "merchant_id"

    class Meta:
        app_label = "payments"
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "currency"], name="a shop has one deposit in a currency"
            ),
            models.CheckConstraint(
                condition=Q(required_minor__gte=0), name="a deposit isn't required below zero"
            ),
            models.CheckConstraint(
                condition=Q(given_back_at__isnull=True) | Q(leaving_at__isnull=False, required_minor=0),
                name="a deposit goes back to who has left",
            ),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a deposit is in a known currency"
            ),
        ]
        triggers = [pgtrigger.Protect(name="deposit_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.required}"

    @property
    def required(self) -> Money:
        return Money(self.required_minor, self.currency)


class DepositCall(models.Model):
    """`missing_minor` lacked when it was opened; after `due_at` no new goods go on sale until it is whole."""

    class Ending(models.TextChoices):
        FILLED = "filled", _("Filled")
        LEFT = "left", _("The shop has left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="calls", db_index=False)
    missing_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True, default="")

    tenant = "deposit"

    class Meta:
        app_label = "payments"
        verbose_name = _("call for a deposit")
        verbose_name_plural = _("calls for deposits")
        constraints = [
            models.UniqueConstraint(
                fields=["deposit"], condition=Q(ended_at__isnull=True), name="a deposit is called for once"
            ),
            models.CheckConstraint(condition=Q(missing_minor__gt=0), name="a call names what is missing"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at"))
                & (Q(overdue_at__isnull=True) | Q(overdue_at__gte=F("due_at"))),
                name="a call leaves time to pay",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False, ending__in=["filled", "left"]),
                name="a call that ended says how",
            ),
        ]
        indexes = [models.Index(fields=["deposit", "-opened_at"], name="deposit_calls")]
        triggers = [
            pgtrigger.Protect(name="deposit_call_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="deposit_call_only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
IF OLD.ended_at IS NOT NULL OR (OLD.overdue_at IS NOT NULL AND NEW.overdue_at IS DISTINCT FROM OLD.overdue_at)
    OR (OLD.id, OLD.deposit_id, OLD.missing_minor, OLD.opened_at, OLD.due_at)
    IS DISTINCT FROM (NEW.id, NEW.deposit_id, NEW.missing_minor, NEW.opened_at, NEW.due_at) THEN
    RAISE EXCEPTION 'call % for a deposit only ends', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a call for a deposit only ends';
END IF;
RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deposit_id} {self.missing}"

    @property
    def missing(self) -> Money:
        """When it was opened; what is missing now is reckoned from the account."""
        return Money(self.missing_minor, self.deposit.currency)
