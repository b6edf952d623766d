"""Questions asked of promotions and campaigns, of their coupons, and of what campaigns pay in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Count, F, Q

from accounts import linking
from orders.queries import locked_row, only_row

if TYPE_CHECKING:
    from orders.models.campaign_entries import CampaignEntry, EntryGoods  # noqa: F401 (a base names it)
    from orders.models.campaigns import Campaign, CampaignClaim, Funding  # noqa: F401 (a base names it)
    from orders.models.promotions import Coupon, Promotion  # noqa: F401 (a base names it)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def locked(self, pk: UUID) -> Campaign:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def get_or_not_found(self, **lookup: object) -> Campaign:
        """:raises NotFound:"""
        return only_row(self, **lookup)

    def public(self) -> CampaignQuerySet:
        """Money was put aside for them; the newest first."""
        return self.filter(funded_at__isnull=False).order_by("-starts_at", "-id")

    def on(self, at: datetime) -> CampaignQuerySet:
        return self.filter(funded_at__isnull=False, ended_at__isnull=True, starts_at__lte=at, ends_at__gt=at)

    def taking_entries(self, at: datetime) -> CampaignQuerySet:
        """Those to which a shop may enter goods now; the one that closes next first."""
        open_now = self.filter(funded_at__isnull=False, ended_at__isnull=True, apply_until__gt=at)
        return open_now.order_by("apply_until", "id")


class CampaignClaimQuerySet(models.QuerySet["CampaignClaim"]):
    def of_person(self, subject_id: UUID) -> CampaignClaimQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def usable(self, at: datetime) -> CampaignClaimQuerySet:
        on = {"campaign__starts_at__lte": at, "campaign__ends_at__gt": at, "campaign__ended_at__isnull": True}
        free = self.filter(used_at__isnull=True, voided_at__isnull=True)
        return free.filter(campaign__funded_at__isnull=False, **on)

    def counting(self, person_id: UUID) -> CampaignClaimQuerySet:
        """Those that count as this person's."""
        return self.filter(person=person_id, voided_at__isnull=True)


class FundingQuerySet(models.QuerySet["Funding"]):
    def of_order_locked(self, order_id: UUID) -> list[Funding]:
        rows = self.select_for_update(of=("self",), no_key=True).select_related("order", "campaign")
        return list(rows.filter(order_id=order_id).order_by("campaign_id"))

    def standing(self) -> FundingQuerySet:
        """Something of it is still an order's."""
        return self.filter(back_minor__lt=F("amount_minor"))


class CampaignEntryQuerySet(models.QuerySet["CampaignEntry"]):
    def locked(self, pk: UUID) -> CampaignEntry:
        """:raises NotFound:"""
        return locked_row(self.select_related("campaign", "merchant"), pk)

    def standing(self) -> CampaignEntryQuerySet:
        """Handed in or accepted."""
        return self.filter(state__in=["applied", "accepted"])

    def of_merchant(self, merchant_id: UUID) -> CampaignEntryQuerySet:
        return self.filter(merchant_id=merchant_id).select_related("campaign").order_by("-applied_at", "-id")

    def with_goods(self) -> CampaignEntryQuerySet:
        return self.select_related("campaign", "merchant").prefetch_related("goods__listing__live_revision")


class EntryGoodsQuerySet(models.QuerySet["EntryGoods"]):
    def holding(self, at: datetime) -> EntryGoodsQuerySet:
        """Accepted, of campaigns that are on."""
        on = Q(entry__campaign__starts_at__lte=at, entry__campaign__ends_at__gt=at)
        funded = Q(entry__campaign__funded_at__isnull=False, entry__campaign__ended_at__isnull=True)
        return self.filter(on, funded, entry__state="accepted")


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def locked(self, pk: UUID) -> Promotion:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def of_merchant(self, merchant_id: UUID) -> PromotionQuerySet:
        return self.filter(merchant_id=merchant_id).order_by("-starts_at", "-id")

    def on(self, at: datetime) -> PromotionQuerySet:
        """Those that hold at `at`: a withdrawn one for nobody new."""
        return self.filter(starts_at__lte=at, ends_at__gt=at).exclude(withdrawn_at__lte=at)

    def with_gift(self) -> PromotionQuerySet:
        """With the thing that is given, its listing as it stands and its stock."""
        return self.select_related(
            "gift_variant__listing__live_revision",
            "gift_variant__listing__merchant",
            "gift_variant__stock",
            "with_listing__live_revision",
        )

    def with_figures(self) -> PromotionQuerySet:
        """With `claimed` and `used`, both counted over its coupons."""
        return self.annotate(claimed=Count("coupons"), used=Count("coupons__used_at"))


class CouponQuerySet(models.QuerySet["Coupon"]):
    def of_person(self, subject_id: UUID) -> CouponQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def usable(self, at: datetime) -> CouponQuerySet:
        return self.filter(used_at__isnull=True, voided_at__isnull=True, valid_until__gt=at)

    def counting(self, person_id: UUID) -> CouponQuerySet:
        """Those that count as this person's."""
        return self.filter(person=person_id, voided_at__isnull=True)
