"""Campaigns with what was put aside, the coupons that were claimed, and what is paid into orders."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from merchants.models.shops import GRADES
from orders.campaign_queries import CampaignClaimQuerySet, CampaignQuerySet, FundingQuerySet
from orders.models.contract import Order, Purchase
from orders.models.persons import whose

_TERMS = [
    "kind",
    "names",
    "rules",
    "from_minor",
    "off_minor",
    "categories",
    "least_permille",
    "shop_permille",
    "apply_until",
    "starts_at",
    "ends_at",
    "least_grade",
    "currency",
]


class CampaignKind(models.TextChoices):
    """A coupon holds over the goods of every shop with the grade, a price for goods that shops entered."""

    COUPON = "coupon", _("coupon over several shops")
    GOODS = "goods", _("lower price of goods that shops enter")


class Campaign(models.Model):
    """A coupon: from `from_minor` of goods of shops with `least_grade` on, the platform pays `off_minor`.

    Goods: shops enter theirs until `apply_until`, at least `least_permille` cheaper; of what that takes off
    they bear `shop_permille`. `budget_minor` was put aside by two people, `promised_minor` is of orders.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(
        max_length=6,
        choices=CampaignKind.choices,
        default=CampaignKind.COUPON,
        db_default=CampaignKind.COUPON,
    )
    names = models.JSONField()
    rules = models.JSONField()
    currency = models.CharField(max_length=3, default="CNY")
    from_minor = models.BigIntegerField()
    off_minor = models.BigIntegerField()
    # The worst grade of a shop whose goods count; "" for every shop that trades.
    least_grade = models.CharField(max_length=1, blank=True, default="")
    # Department or category keys of goods that may be entered; none is everything.
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True, db_default=[])
    least_permille = models.PositiveSmallIntegerField(default=0, db_default=0)
    shop_permille = models.PositiveSmallIntegerField(default=0, db_default=0)
    apply_until = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    budget_minor = models.BigIntegerField(default=0)
    promised_minor = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    funded_at = models.DateTimeField(null=True, blank=True)
    # What was left went back to the fees then.
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why the platform stopped it before its end; for everybody.
    stopped_why = models.CharField(max_length=500, blank=True, default="", db_default="")

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("make_campaign", "May make a campaign and put money aside for it")]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_minor__gte=0, promised_minor__lte=F("budget_minor")),
                name="a_campaign_promises_what_it_has",
            ),
            models.CheckConstraint(
                condition=Q(kind="coupon", off_minor__gt=0, from_minor__gt=F("off_minor"))
                | Q(kind="goods", off_minor=0, from_minor=0),
                name="a_campaign_takes_off_less_than_its_threshold",
            ),
            models.CheckConstraint(
                condition=Q(kind="coupon", least_permille=0, shop_permille=0, apply_until__isnull=True)
                | Q(
                    kind="goods",
                    least_permille__gte=1,
                    least_permille__lt=1000,
                    shop_permille__lte=1000,
                    apply_until__isnull=False,
                    apply_until__lte=F("starts_at"),
                ),
                name="only_goods_are_entered_and_shared",
            ),
            models.CheckConstraint(
                condition=Q(stopped_why="") | Q(ended_at__isnull=False), name="a_stopped_campaign_has_ended"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_campaign_lasts"),
            models.CheckConstraint(
                condition=Q(least_grade__in=["", *GRADES]), name="a_campaign_asks_for_a_known_grade"
            ),
            models.CheckConstraint(
                condition=Q(funded_at__isnull=True, budget_minor=0)
                | Q(funded_at__isnull=False, budget_minor__gt=0)
                | Q(funded_at__isnull=False, budget_minor=0, shop_permille=1000),
                name="a_funded_campaign_says_since_when",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_campaign_keeps_its_terms", fields=_TERMS),
            pgtrigger.Protect(name="a_campaign_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_was_put_aside_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__budget_minor__gt=0, old__budget_minor__df=pgtrigger.F("new__budget_minor")
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.names.get("zh-hans") or self.pk)

    @property
    def budget(self) -> Money:
        return Money(self.budget_minor, self.currency)

    @property
    def promised(self) -> Money:
        return Money(self.promised_minor, self.currency)

    @property
    def is_of_goods(self) -> bool:
        return self.kind == CampaignKind.GOODS

    def is_on(self, at: datetime) -> bool:
        """Money was put aside for it, and it has begun and neither ended nor been stopped."""
        return self.funded_at is not None and self.ended_at is None and self.starts_at <= at < self.ends_at

    def takes_entries(self, at: datetime) -> bool:
        """Whether shops may enter goods now."""
        open_now = self.funded_at is not None and self.ended_at is None
        return open_now and self.apply_until is not None and at < self.apply_until

    @property
    def left(self) -> Money:
        """Put aside and promised to no order."""
        return Money(self.budget_minor - self.promised_minor, self.currency)


class CampaignClaim(models.Model):
    """One person's coupon of a campaign; one each, whether claimed with the account or as its guest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="claims")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    # Whom it counts for, by the database: the account that the subject is linked to, else the subject.
    person = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    # Once it turned out that the person has another one.
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon of a campaign")
        verbose_name_plural = _("coupons of campaigns")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="a_campaign_gives_one_to_each"),
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=Q(voided_at__isnull=True),
                name="a_campaign_gives_one_to_each_person",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | Q(used_at__isnull=True), name="no_used_claim_is_void"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, purchase__isnull=True)
                | Q(used_at__isnull=False, purchase__isnull=False),
                name="a_used_claim_names_its_purchase",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_claim_stays_whose_it_is", fields=["campaign", "claimed_at"]),
            whose("a_claim_counts_for_its_person"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.pk}"


class Funding(models.Model):
    """What a campaign pays into one order: held in an escrow of its own, then the shop's or back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fundings")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="fundings")
    # None where goods had the campaign's price: nobody claims that.
    claim = models.ForeignKey(
        CampaignClaim, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField()
    # Set aside in escrow once the order was paid.
    held_at = models.DateTimeField(null=True, blank=True)
    back_minor = models.BigIntegerField(default=0)
    settled_minor = models.BigIntegerField(default=0)

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding of an order")
        verbose_name_plural = _("fundings of orders")
        constraints = [
            models.UniqueConstraint(fields=["order", "campaign"], name="a_campaign_pays_into_an_order_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_funding_pays_something"),
            models.CheckConstraint(
                condition=Q(back_minor__gte=0, settled_minor__gte=0)
                & Q(back_minor__lte=F("amount_minor") - F("settled_minor")),
                name="a_funding_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(settled_minor=0) | Q(held_at__isnull=False), name="only_held_funding_is_settled"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_funding_keeps_its_sum",
                fields=["order", "campaign", "claim", "amount_minor", "currency"],
            ),
            pgtrigger.Protect(name="a_funding_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        """Neither back with the campaign nor with the shop."""
        return Money(self.amount_minor - self.back_minor - self.settled_minor, self.currency)
