"""Points of buyers and shops. What there is isn't stored: it is the sum of the account `points:<id>`."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from payments import accounts

# One point is one fen, whatever currency the shop sells in.
CURRENCY = "CNY"
# amount = basis x permille / 1000, rounded down, without dividing.
_EXACT = F("basis_minor") * F("permille")
_WHOLE = LessThanOrEqual(F("amount_minor") * Value(1000), _EXACT)
_NO_LESS = GreaterThan((F("amount_minor") + Value(1)) * Value(1000), _EXACT)


class LotKind(models.TextChoices):
    """Earned by a buyer's or a shop's order, or back after the time of the lot that they came from."""

    EARNED = "earned", _("Earned")
    REWARD = "reward", _("Earned by the shop")
    BACK = "back", _("Back from an order")


class Ground(models.TextChoices):
    """What a shop earns points for; the rate of each stands in a policy."""

    SENT_IN_TIME = "sent_in_time", _("sent in time")
    NO_CASE = "no_case", _("settled without a return, claim or case")


class PointsAccount(models.Model):
    """Where one buyer's or one shop's points lie; made with the first of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.OneToOneField("privacy.Subject", models.PROTECT, null=True, related_name="+")
    merchant = models.OneToOneField("merchants.Merchant", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()

    tenant = "merchant"

    class Meta:
        app_label = "payments"
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__isnull=False, merchant__isnull=True)
                | Q(subject__isnull=True, merchant__isnull=False),
                name="points are a person's or a shop's",
            ),
        ]

    def __str__(self) -> str:
        return self.account

    @property
    def account(self) -> str:
        return accounts.points(self.pk)


class PointsLotQuerySet(models.QuerySet["PointsLot"]):
    def open_of(self, account_id: UUID) -> PointsLotQuerySet:
        """Those that haven't ended, in the order in which they are spent and end."""
        return self.filter(account_id=account_id, ended_at__isnull=True).order_by("expires_at", "id")


class PointsLot(models.Model):
    """Points that end together. Which of them are left the balance says: what ends first is spent first.

    An earned lot keeps what it was reckoned from: `permille` of `basis_minor`. `expires_at` is the first
    instant too late.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="lots", db_index=False)
    kind = models.CharField(max_length=8, choices=LotKind.choices)
    reference = models.UUIDField(null=True)
    basis_minor = models.BigIntegerField(null=True)
    permille = models.PositiveSmallIntegerField(null=True)
    # What a shop earned them for.
    grounds = ArrayField(models.CharField(max_length=20, choices=Ground.choices), default=list, db_default=[])
    amount_minor = models.BigIntegerField()
    # What refunds of the order took back, and what was left at the end.
    taken_minor = models.BigIntegerField(default=0)
    expired_minor = models.BigIntegerField(default=0)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Money of the shop's order went back: all of it is owed, and what was spent is taken from the next.
    revoked_at = models.DateTimeField(null=True)

    objects = PointsLotQuerySet.as_manager()
    tenant = "account"

    class Meta:
        app_label = "payments"
        verbose_name = _("lot of points")
        verbose_name_plural = _("lots of points")
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], name="an order earns points once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a lot of points is above zero"),
            models.CheckConstraint(
                condition=Q(taken_minor__gte=0)
                & Q(expired_minor__gte=0)
                & Q(amount_minor__gte=F("taken_minor") + F("expired_minor")),
                name="a lot of points gives no more than it is",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(expired_minor=0), name="only an ended lot has expired"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("granted_at")), name="points last for a while"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[LotKind.EARNED, LotKind.REWARD],
                    reference__isnull=False,
                    basis_minor__isnull=False,
                    permille__isnull=False,
                )
                | Q(
                    kind=LotKind.BACK,
                    reference__isnull=True,
                    basis_minor__isnull=True,
                    permille__isnull=True,
                    taken_minor=0,
                ),
                name="earned points say for what",
            ),
            models.CheckConstraint(
                condition=Q(basis_minor__isnull=True) | (Q(_WHOLE) & Q(_NO_LESS)),
                name="earned points are the policy's share",
            ),
            models.CheckConstraint(
                condition=Q(kind=LotKind.REWARD, grounds__len__gt=0)
                | (~Q(kind=LotKind.REWARD) & Q(grounds=[], revoked_at__isnull=True)),
                name="a shop's points say what they are for",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_at"],
                condition=Q(ended_at__isnull=True),
                name="points_that_last",
            ),
            models.Index(fields=["account"], name="lots_of_an_account"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, CURRENCY)

    @property
    def room(self) -> int:
        """How many of its points may still be there."""
        return 0 if self.ended_at else self.amount_minor - self.taken_minor
