"""A shop's entry to a campaign: which of its goods, how much cheaper, and what the platform answered."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.campaign_queries import CampaignEntryQuerySet, EntryGoodsQuerySet
from orders.entry_lifecycle import ENTRY
from orders.models.campaigns import Campaign

# What was asked for, and the answer, are facts; only the next step is added.
_OFFERED = ["campaign", "merchant", "off_permille", "applied_at", "applied_by", "answer_by"]
# The campaign's row is read under no lock: its conditions never change once it is there.
_WITHIN_ITS_TERMS = """
IF NOT EXISTS (
    SELECT FROM orders_campaign c
     WHERE c.id = NEW.campaign_id AND c.kind = 'goods' AND c.funded_at IS NOT NULL
       AND NEW.off_permille >= c.least_permille AND NEW.applied_at < c.apply_until
) THEN
    RAISE EXCEPTION 'an entry is within the terms of its campaign'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_is_within_the_terms';
END IF;
RETURN NEW;
"""
_OF_THE_SHOP = """
IF NOT EXISTS (
    SELECT FROM orders_campaignentry e JOIN catalog_listing l ON l.merchant_id = e.merchant_id
     WHERE e.id = NEW.entry_id AND l.id = NEW.listing_id
) THEN
    RAISE EXCEPTION 'a shop enters its own goods'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_shop_enters_its_own_goods';
END IF;
RETURN NEW;
"""


class CampaignEntry(models.Model):
    """One application; each of its goods is `off_permille` cheaper while the campaign lasts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="entries")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    off_permille = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, default="applied")
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=80)
    # Silence until then accepts it, if its conditions still hold.
    answer_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    reasons = models.TextField(max_length=2000, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignEntryQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("entry to a campaign")
        verbose_name_plural = _("entries to campaigns")
        permissions = [("answer_entry", "May accept or refuse a shop's entry to a campaign")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ENTRY.values), name="entry_state_is_known"),
            models.CheckConstraint(
                condition=Q(off_permille__gt=0, off_permille__lt=1000),
                name="an_entry_leaves_something_to_pay",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["applied", "withdrawn"])
                | (Q(state__in=["accepted", "refused"], decided_at__isnull=False) & ~Q(decided_by="")),
                name="an_answered_entry_says_when_and_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reasons=""), name="an_entry_is_refused_with_reasons"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="a_withdrawn_entry_says_since_when",
            ),
            models.UniqueConstraint(
                fields=["campaign", "merchant"],
                condition=Q(state__in=["applied", "accepted"]),
                name="a_shop_enters_a_campaign_once",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-applied_at"], name="campaign_entries_of_a_shop"),
            models.Index(fields=["state", "answer_by"], name="campaign_entries_by_state"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="an_entry_keeps_what_it_offers", fields=_OFFERED),
            pgtrigger.Protect(name="an_entry_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="an_entry_is_within_the_terms",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_WITHIN_ITS_TERMS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.merchant_id}"

    def may_leave(self, at: datetime) -> bool:
        """Before it begins; then buyers were told."""
        return ENTRY.allows(self.state, "withdraw") and at < self.campaign.starts_at


class EntryGoods(models.Model):
    """One listing of an entry: what an order's discount refers to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(CampaignEntry, on_delete=models.PROTECT, related_name="goods")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")

    objects = EntryGoodsQuerySet.as_manager()

    tenant = "entry"

    class Meta:
        verbose_name = _("goods of an entry")
        verbose_name_plural = _("goods of entries")
        constraints = [
            models.UniqueConstraint(fields=["entry", "listing"], name="an_entry_names_goods_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="goods_of_an_entry_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_shop_enters_its_own_goods",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_THE_SHOP,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.listing_id}"
