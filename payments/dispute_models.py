"""Disputes: a payer's bank or wallet asks a charge back, and who bears it when it says yes."""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from payments.lifecycle import DISPUTE_ENDED, DisputeState
from payments.queries import locked_row
from privacy.fields import EncryptedTextField


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def locked(self, pk: UUID) -> Dispute:
        return locked_row(self, pk=pk)

    def running(self) -> DisputeQuerySet:
        return self.exclude(state__in=DISPUTE_ENDED)


class Dispute(models.Model):
    """One dispute of a charge. `amount` is what the provider named, its shares what of it is still here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20)
    provider_dispute_id = models.CharField(max_length=80)
    charge = models.ForeignKey("payments.Charge", models.PROTECT, related_name="disputes")
    # The payer, under whose key our evidence is sealed.
    subject = models.ForeignKey("privacy.Subject", models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    cause = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=14, default=DisputeState.OPENED)
    opened_at = models.DateTimeField()
    evidence_due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)
    evidence = EncryptedTextField(null=True)
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_dispute_id"], name="a dispute is taken in once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in DisputeState]),
                name="a dispute is in a known state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a dispute is above zero"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in DISPUTE_ENDED], ended_at__isnull=False)
                | (~Q(state__in=[one.value for one in DISPUTE_ENDED]) & Q(ended_at__isnull=True)),
                name="a dispute has its instant exactly when ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["evidence_due_at"], condition=Q(state=DisputeState.OPENED), name="dispute_to_answer"
            )
        ]
        triggers = [pgtrigger.Protect(name="dispute_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.provider_dispute_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class DisputeShare(models.Model):
    """What of a dispute is about one order, and where it was taken from to wait apart. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="shares", db_index=False)
    part = models.ForeignKey("payments.PaymentPart", models.PROTECT, related_name="disputed")
    reference = models.UUIDField(db_index=True)
    merchant_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    from_escrow_minor = models.BigIntegerField()
    from_merchant_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    append_only = True
    tenant = "merchant_id"

    class Meta:
        app_label = "payments"
        verbose_name = _("share of a dispute")
        verbose_name_plural = _("shares of disputes")
        constraints = [
            models.UniqueConstraint(fields=["dispute", "part"], name="a dispute has one share per order"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    from_escrow_minor__gte=0,
                    from_merchant_minor__gte=0,
                    amount_minor__gte=F("from_escrow_minor") + F("from_merchant_minor"),
                ),
                name="a share holds no more than it is",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def from_escrow(self) -> Money:
        return Money(self.from_escrow_minor, self.currency)

    @property
    def from_merchant(self) -> Money:
        return Money(self.from_merchant_minor, self.currency)

    @property
    def held_minor(self) -> int:
        """What waits apart; the rest had left the house before."""
        return self.from_escrow_minor + self.from_merchant_minor
