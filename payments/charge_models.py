"""Charges, and refunds out of them or of what was paid with value that lies here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from payments import accounts
from payments.lifecycle import RefundState
from payments.queries import RefundQuerySet

if TYPE_CHECKING:
    from payments.models import Payment


class Charge(models.Model):
    """Money that a provider says, signed, it took from the payer. `extra`: it goes back whole.

    It isn't the first of its payment, or came so late that the gift card's share was spent elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey("payments.Payment", models.PROTECT, related_name="charges")
    provider = models.CharField(max_length=20)
    provider_charge_id = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    extra = models.BooleanField(default=False)
    taken_at = models.DateTimeField()

    append_only = True

    class Meta:
        app_label = "payments"
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
    """Money on its way back to the payer, by one means: out of a charge, or to a card or points.

    It is of one order's part, unless its charge was extra.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="refunds")
    part = models.ForeignKey("payments.PaymentPart", models.PROTECT, null=True, related_name="refunds")
    tender = models.ForeignKey("payments.Tender", models.PROTECT, null=True, related_name="refunds")
    reference = models.UUIDField()
    purpose = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=RefundState.REQUESTED)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "purpose"],
                condition=Q(tender__isnull=True),
                name="a refund is asked once per purpose and provider",
            ),
            models.UniqueConstraint(
                fields=["reference", "purpose", "tender"],
                name="a refund is asked once per purpose and tender",
            ),
            models.CheckConstraint(
                condition=Q(charge__isnull=False, tender__isnull=True)
                | Q(charge__isnull=True, tender__isnull=False, part__isnull=False),
                name="a refund goes back by one means",
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
    def payment(self) -> Payment:
        """What was paid, and goes back a part."""
        held = self.charge or self.part
        assert held is not None, "a constraint holds that one of both is there"
        return held.payment

    @property
    def goes_to(self) -> str:
        """The account that gains it: the world behind a provider, a card or points."""
        if self.tender:
            return self.tender.account
        assert self.charge is not None, "a constraint holds that one of both is there"
        return accounts.provider(self.charge.provider)

    @property
    def through(self) -> Charge:
        """The charge of a refund that a provider pays. :raises ValueError: of one to a card or points"""
        if self.charge is None:
            raise ValueError(f"refund {self.pk} goes through no provider")
        return self.charge

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
