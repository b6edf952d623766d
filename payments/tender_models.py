"""Tenders: what of a payment is paid with value that lies here already, on a gift card or in points."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money

# The ledger's accounts that can pay; the same pattern stands in the database's constraint.
ACCOUNT = r"^(card|points):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Means(TextChoices):
    """What a sum was paid with; it goes back the same way."""

    PROVIDER = "provider", _("The way you paid")
    CARD = "card", _("Gift card")
    POINTS = "points", _("Bonus points")


class Tender(models.Model):
    """What `account` pays of one order. It waits apart until the payment is captured or over. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey("payments.Payment", models.PROTECT, related_name="tenders", db_index=False)
    part = models.ForeignKey("payments.PaymentPart", models.PROTECT, related_name="tenders")
    position = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    append_only = True

    class Meta:
        app_label = "payments"
        verbose_name = _("tender")
        verbose_name_plural = _("tenders")
        constraints = [
            models.UniqueConstraint(fields=["payment", "position"], name="tenders are counted"),
            models.UniqueConstraint(fields=["part", "account"], name="an account pays once for an order"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a tender is above zero"),
            models.CheckConstraint(
                condition=Q(account__regex=ACCOUNT), name="a tender comes from a card or points"
            ),
        ]
        indexes = [models.Index(fields=["account"], name="tenders_of_an_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def means(self) -> Means:
        return Means(self.account.partition(":")[0])
