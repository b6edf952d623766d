"""Payments and what becomes of them. Balances aren't stored: they are sums over `Posting`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from payments import accounts
from payments.attempt_models import Attempt
from payments.authorisation_models import Authorisation
from payments.award_models import Award
from payments.charge_models import Charge, Refund
from payments.check_models import BookCheck
from payments.deposit_models import Deposit, DepositCall
from payments.dispute_models import Dispute, DisputeShare
from payments.gift_card_models import GiftCard
from payments.lifecycle import PartKind, PaymentState
from payments.payout_models import Payout, PayoutRun
from payments.points_models import PointsAccount, PointsLot
from payments.queries import PaymentQuerySet
from payments.records import Move, ProviderCall, ProviderNotice
from payments.reserve_models import ReserveShare
from payments.sandbox_models import (
    SandboxCharge,
    SandboxDelivery,
    SandboxDispute,
    SandboxHold,
    SandboxPayout,
    SandboxRefund,
)
from payments.statement_models import Difference, ProviderStatement, StatementRow
from payments.tender_models import Tender

__all__ = [
    "Attempt",
    "Authorisation",
    "Award",
    "BookCheck",
    "Charge",
    "Deposit",
    "DepositCall",
    "Difference",
    "Dispute",
    "DisputeShare",
    "GiftCard",
    "LedgerEntry",
    "Move",
    "Payment",
    "PaymentPart",
    "Payout",
    "PayoutRun",
    "PointsAccount",
    "PointsLot",
    "Posting",
    "ProviderCall",
    "ProviderNotice",
    "ProviderStatement",
    "Refund",
    "ReserveShare",
    "SandboxCharge",
    "SandboxDelivery",
    "SandboxDispute",
    "SandboxHold",
    "SandboxPayout",
    "SandboxRefund",
    "StatementRow",
    "Tender",
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
    # What of it gift cards and points pay; the rest is due at a provider.
    tendered_minor = models.BigIntegerField(default=0, db_default=0)
    # What of it was let go before anything was taken; of its parts, likewise.
    released_minor = models.BigIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    provider = models.CharField(max_length=20, blank=True)
    # Reserved first where the provider can, and taken when the shops have confirmed.
    authorise_first = models.BooleanField(default=False, db_default=False)
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
                condition=Q(tendered_minor__gte=0, tendered_minor__lte=F("amount_minor")),
                name="tenders stay within their payment",
            ),
            models.CheckConstraint(
                condition=Q(released_minor=0)
                | Q(authorise_first=True, released_minor__gt=0, released_minor__lte=F("amount_minor")),
                name="only what was reserved first is let go",
            ),
            models.CheckConstraint(
                condition=Q(authorise_first=False) | Q(tendered_minor=0),
                name="gift cards and points aren't reserved first",
            ),
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
    def due(self) -> Money:
        """What a provider is asked for."""
        return Money(self.taken.minor - self.tendered_minor, self.currency)

    @property
    def taken(self) -> Money:
        """The whole without what was let go before anything was taken."""
        return Money(self.amount_minor - self.released_minor, self.currency)

    @property
    def tendered(self) -> Money:
        """What gift cards and points pay."""
        return Money(self.tendered_minor, self.currency)

    @property
    def was_late(self) -> bool:
        """Captured after it had expired."""
        return self.captured_at is not None and self.captured_at >= self.expires_at


class PaymentPart(models.Model):
    """What of a payment is for one order. The merchant's id stands in the ledger's account names.

    A gift card that is bought is a part too, and so is a cover's premium: no shop sells them. And what a
    shop pays into its own deposit.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="parts", db_index=False)
    position = models.PositiveSmallIntegerField()
    reference = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8, default=PartKind.ORDER, db_default="order")
    merchant_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    tendered_minor = models.BigIntegerField(default=0, db_default=0)
    # Let go before anything was taken: all of it, or nothing. Written once, while the payment is reserved.
    released_minor = models.BigIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)

    tenant = "merchant_id"

    class Meta:
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "reference"], name="an order stands once in a payment"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a part is above zero"),
            models.CheckConstraint(
                condition=Q(tendered_minor__gte=0, tendered_minor__lte=F("amount_minor")),
                name="tenders stay within their part",
            ),
            models.CheckConstraint(
                condition=Q(released_minor=0) | Q(released_minor=F("amount_minor"), tendered_minor=0),
                name="a part is let go whole",
            ),
            models.CheckConstraint(
                condition=(Q(kind=PartKind.ORDER) & ~Q(merchant_id=accounts.PLATFORM))
                | (Q(kind=PartKind.DEPOSIT, tendered_minor=0) & ~Q(merchant_id=accounts.PLATFORM))
                | Q(
                    kind__in=[PartKind.CARD, PartKind.COVER],
                    merchant_id=accounts.PLATFORM,
                    tendered_minor=0,
                ),
                name="a part is an order's, a card's, a cover's or a deposit's",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"

    @property
    def due_minor(self) -> int:
        """What of it a provider brings."""
        return self.taken_minor - self.tendered_minor

    @property
    def taken_minor(self) -> int:
        """Nothing, when it was let go before anything was taken."""
        return self.amount_minor - self.released_minor

    @property
    def due(self) -> Money:
        return Money(self.due_minor, self.currency)

    @property
    def account(self) -> str:
        """Where its money is held: the order's escrow, the gift card itself, or the shop's deposit."""
        if self.kind == PartKind.DEPOSIT:
            return accounts.deposit(self.merchant_id)
        hold = accounts.card if self.kind == PartKind.CARD else accounts.escrow
        return hold(self.reference)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
