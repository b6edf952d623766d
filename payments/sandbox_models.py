"""The sandbox provider's own books. Nothing in the platform reads them but its signed interfaces."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class SandboxCharge(models.Model):
    """What the sandbox took from a payer. `copy` counts the charges of one payment: a fault, on purpose."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment_number = models.CharField(max_length=16)
    copy = models.PositiveSmallIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    refunds_fail = models.BooleanField(default=False)
    taken_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "payments"
        db_table = "sandbox_charge"
        verbose_name = _("sandbox charge")
        verbose_name_plural = _("sandbox charges")
        constraints = [
            models.UniqueConstraint(
                fields=["payment_number", "copy"], name="the sandbox charges a payment once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_number} {self.amount_minor} {self.currency}"


class SandboxRefund(models.Model):
    """What the sandbox gave back, once per key of the caller."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    idempotency_key = models.CharField(max_length=80, unique=True)
    charge = models.ForeignKey(SandboxCharge, models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid = models.BooleanField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "payments"
        db_table = "sandbox_refund"
        verbose_name = _("sandbox refund")
        verbose_name_plural = _("sandbox refunds")

    def __str__(self) -> str:
        return f"{self.idempotency_key} {self.amount_minor} {self.currency}"


class SandboxDispute(models.Model):
    """What a payer asks back at the sandbox's bank; what the shop said to it isn't kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey(SandboxCharge, models.PROTECT, related_name="disputes")
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10)
    answer_by = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        app_label = "payments"
        db_table = "sandbox_dispute"
        verbose_name = _("sandbox dispute")
        verbose_name_plural = _("sandbox disputes")

    def __str__(self) -> str:
        return f"dp_{self.pk.hex}"


class SandboxHold(models.Model):
    """What the sandbox reserved of a payer's account, and what was taken of it; once per payment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment_number = models.CharField(max_length=32, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10)
    held_at = models.DateTimeField()

    class Meta:
        app_label = "payments"
        db_table = "sandbox_hold"
        verbose_name = _("sandbox reservation")
        verbose_name_plural = _("sandbox reservations")

    def __str__(self) -> str:
        return f"au_{self.pk.hex}"


class SandboxPayout(models.Model):
    """What the sandbox pays a shop, once per key; until `ready_at` it is on its way."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    idempotency_key = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "payments"
        db_table = "sandbox_payout"
        verbose_name = _("sandbox payout")
        verbose_name_plural = _("sandbox payouts")

    def __str__(self) -> str:
        return f"{self.idempotency_key} {self.amount_minor} {self.currency}"


class DeliveryQuerySet(models.QuerySet["SandboxDelivery"]):
    def claim(self, at: datetime) -> SandboxDelivery | None:
        """The oldest due notice that nobody else is delivering, locked."""
        due = self.filter(delivered_at__isnull=True, due_at__lte=at).order_by("due_at", "id")
        return due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()


class SandboxDelivery(models.Model):
    """A notice that the sandbox owes its merchant; its id is the event's id. Repeated until taken in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.TextField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=120, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        db_table = "sandbox_delivery"
        verbose_name = _("sandbox notice")
        verbose_name_plural = _("sandbox notices")
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(delivered_at__isnull=True), name="sandbox_delivery_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
