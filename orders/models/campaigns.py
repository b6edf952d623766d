"""Coupons that the platform pays for: campaigns with what was put aside, claims, and what is paid in."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from merchants.models.shops import GRADES
from orders.campaign_queries import CampaignClaimQuerySet, CampaignQuerySet, FundingQuerySet
from orders.models.contract import Order, Purchase

_TERMS = ["names", "rules", "from_minor", "off_minor", "starts_at", "ends_at", "least_grade", "currency"]


class Campaign(models.Model):
    """From `from_minor` of goods of shops with `least_grade` on, `off_minor` is off, at the platform's cost.

    `budget_minor` was put aside by two people; `promised_minor` of it belongs to orders.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    names = models.JSONField()
    rules = models.JSONField()
    currency = models.CharField(max_length=3, default="CNY")
    from_minor = models.BigIntegerField()
    off_minor = models.BigIntegerField()
    # The worst grade of a shop whose goods count; "" for every shop that trades.
    least_grade = models.CharField(max_length=1, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    budget_minor = models.BigIntegerField(default=0)
    promised_minor = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    funded_at = models.DateTimeField(null=True, blank=True)
    # What was left went back to the fees then.
    ended_at = models.DateTimeField(null=True, blank=True)

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
                condition=Q(off_minor__gt=0, from_minor__gt=F("off_minor")),
                name="a_campaign_takes_off_less_than_its_threshold",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_campaign_lasts"),
            models.CheckConstraint(
                condition=Q(least_grade__in=["", *GRADES]), name="a_campaign_asks_for_a_known_grade"
            ),
            models.CheckConstraint(
                condition=Q(funded_at__isnull=True, budget_minor=0)
                | Q(funded_at__isnull=False, budget_minor__gt=0),
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

    def is_on(self, at: datetime) -> bool:
        """Money was put aside for it, and it has begun and not ended."""
        return self.funded_at is not None and self.starts_at <= at < self.ends_at

    @property
    def left(self) -> Money:
        """Put aside and promised to no order."""
        return Money(self.budget_minor - self.promised_minor, self.currency)


class CampaignClaim(models.Model):
    """One person's coupon of a campaign; one each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="claims")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = CampaignClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon of a campaign")
        verbose_name_plural = _("coupons of campaigns")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="a_campaign_gives_one_to_each"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, purchase__isnull=True)
                | Q(used_at__isnull=False, purchase__isnull=False),
                name="a_used_claim_names_its_purchase",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_claim_stays_whose_it_is", fields=["campaign", "claimed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.pk}"


class Funding(models.Model):
    """What a campaign pays into one order: held in an escrow of its own, then the shop's or back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="funding")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="fundings")
    claim = models.ForeignKey(CampaignClaim, on_delete=models.PROTECT, related_name="+")
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
