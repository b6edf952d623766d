"""Payments and what becomes of them. Balances aren't stored: they are sums over `Posting`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from payments import accounts
from payments.attempt_models import Attempt
from payments.check_models import BookCheck
from payments.dispute_models import Dispute, DisputeShare
from payments.lifecycle import PaymentState, RefundState
from payments.payout_models import Payout, PayoutRun
from payments.queries import PaymentQuerySet, RefundQuerySet
from payments.records import Move, ProviderCall, ProviderNotice
from payments.reserve_models import ReserveShare
from payments.sandbox_models import (
    SandboxCharge,
    SandboxDelivery,
    SandboxDispute,
    SandboxPayout,
    SandboxRefund,
)
from payments.statement_models import Difference, ProviderStatement, StatementRow

__all__ = [
    "Attempt",
    "BookCheck",
    "Charge",
    "Difference",
    "Dispute",
    "DisputeShare",
    "LedgerEntry",
    "Move",
    "Payment",
    "PaymentPart",
    "Payout",
    "PayoutRun",
    "Posting",
    "ProviderCall",
    "ProviderNotice",
    "ProviderStatement",
    "Refund",
    "ReserveShare",
    "SandboxCharge",
    "SandboxDelivery",
    "SandboxDispute",
    "SandboxPayout",
    "SandboxRefund",
    "StatementRow",
]


class LedgerEntry(models.Model):
    """One movement of money: its postings sum to nothing in every currency. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.UUIDField()
    purpose = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    append_only = True

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "purpose"], name="an entry is made once per purpose"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="an entry has a purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.reference}"


class Posting(models.Model):
    """What one account gains (above zero) or gives (below zero), in whole minor units. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="postings", db_index=False)
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    append_only = True

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "account", "currency"], name="an account is posted once per entry"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="a posting moves something"),
            models.CheckConstraint(
                condition=Q(account__regex=accounts.PATTERN), name="a posting names a known kind of account"
            ),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a posting is in a known currency"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "currency"], include=["amount_minor"], name="posting_balance"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Payment(models.Model):
    """One payer's payment for one or more orders; each order is a part."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True)
    payer_subject = models.ForeignKey("privacy.Subject", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=PaymentState.OPEN)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PaymentState]),
                name="a payment is in a known state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a payment is above zero"),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a payment is in a known currency"
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.CAPTURED, captured_at__isnull=False)
                | (~Q(state=PaymentState.CAPTURED) & Q(captured_at__isnull=True)),
                name="a payment has its instant exactly when captured",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def was_late(self) -> bool:
        """Captured after it had expired."""
        return self.captured_at is not None and self.captured_at >= self.expires_at


class PaymentPart(models.Model):
    """What of a payment is for one order. The merchant's id stands in the ledger's account names."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="parts", db_index=False)
    position = models.PositiveSmallIntegerField()
    reference = models.UUIDField(db_index=True)
    merchant_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    append_only = True
    tenant = "merchant_id"

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "reference"], name="an order stands once in a payment"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a part is above zero"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Charge(models.Model):
    """Money that a provider says, signed, it took from the payer. `extra`: not the first of its payment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="charges")
    provider = models.CharField(max_length=20)
    provider_charge_id = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    extra = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_charge_id"], name="a charge is recorded once"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(extra=False), name="a payment is captured by one charge"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a charge is above zero"),
        ]

    def __str__(self) -> str:
        return self.provider_charge_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Refund(models.Model):
    """Money on its way back to the payer, out of one charge (and one order's part, unless it was extra)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    part = models.ForeignKey(PaymentPart, models.PROTECT, null=True, related_name="refunds")
    reference = models.UUIDField()
    purpose = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=RefundState.REQUESTED)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "purpose"], name="a refund is asked once per purpose"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RefundState]),
                name="a refund is in a known state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a refund is above zero"),
            models.CheckConstraint(
                condition=Q(state__in=[RefundState.PAID, RefundState.FAILED], settled_at__isnull=False)
                | Q(state__in=[RefundState.REQUESTED, RefundState.SENT], settled_at__isnull=True),
                name="a refund has its instant exactly when ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
