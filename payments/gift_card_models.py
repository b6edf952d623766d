"""Gift cards. What is on one isn't stored: it is the sum of the ledger's account `card:<id>`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from payments import accounts
from payments.lifecycle import NEVER_ISSUED, GiftCardState
from payments.queries import locked_row


class CardKind(models.TextChoices):
    """The law's two kinds: named belongs to one account for good, bearer to whoever has the code."""

    NAMED = "named", _("With a name")
    BEARER = "bearer", _("Without a name")


class GiftCardQuerySet(models.QuerySet["GiftCard"]):
    def locked(self, **lookup: object) -> GiftCard:
        return locked_row(self, **lookup)

    def in_wallet(self) -> GiftCardQuerySet:
        return self.filter(state=GiftCardState.ISSUED, holder__isnull=False)


class GiftCard(models.Model):
    """One card: bought, issued when it is paid, claimed by its code. `limit_minor` is the law's of that day.

    Of the code only a keyed digest is kept. `valid_until` is the first instant too late.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=CardKind.choices)
    state = models.CharField(max_length=12, default=GiftCardState.UNPAID)
    value_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    pack_version = models.CharField(max_length=64)
    buyer = models.ForeignKey("privacy.Subject", models.PROTECT, related_name="+")
    holder = models.ForeignKey("privacy.Subject", models.PROTECT, null=True, related_name="+")
    payment = models.OneToOneField("payments.Payment", models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32, null=True)
    ordered_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    code_shown_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    return_until = models.DateTimeField(null=True)

    objects = GiftCardQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a code is of one card"),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in GiftCardState]),
                name="a gift card is in a known state",
            ),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a gift card is in a known currency"
            ),
            models.CheckConstraint(
                condition=Q(value_minor__gt=0, value_minor__lte=F("limit_minor")),
                name="a gift card is within the law's limit",
            ),
            models.CheckConstraint(
                condition=Q(kind=CardKind.NAMED, valid_until__isnull=True)
                | Q(kind=CardKind.BEARER, issued_at__isnull=True, valid_until__isnull=True)
                | Q(kind=CardKind.BEARER, valid_until__gt=F("issued_at")),
                name="a named card never ends and a bearer card says when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NEVER_ISSUED, issued_at__isnull=True)
                | (~Q(state__in=NEVER_ISSUED) & Q(issued_at__isnull=False)),
                name="a gift card has its instant exactly when issued",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True, claimed_at__isnull=True)
                | Q(
                    holder__isnull=False,
                    claimed_at__isnull=False,
                    digest__isnull=True,
                    issued_at__isnull=False,
                ),
                name="a claimed card has a holder and no code any more",
            ),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | Q(state=GiftCardState.ISSUED),
                name="only an issued card has a code",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer"], name="gift_cards_bought"),
            models.Index(fields=["holder"], name="gift_cards_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    @property
    def account(self) -> str:
        return accounts.card(self.pk)

    @property
    def tail(self) -> str:
        """How pages tell two cards of one person apart."""
        return self.pk.hex[-4:].upper()
