"""Questions asked of campaigns, their coupons and what they pay in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F

from accounts import linking
from orders.queries import locked_row

if TYPE_CHECKING:
    from orders.models.campaigns import Campaign, CampaignClaim, Funding  # noqa: F401 (a base names it)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def locked(self, pk: UUID) -> Campaign:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def public(self) -> CampaignQuerySet:
        """Money was put aside for them; the newest first."""
        return self.filter(funded_at__isnull=False).order_by("-starts_at", "-id")

    def on(self, at: datetime) -> CampaignQuerySet:
        return self.filter(funded_at__isnull=False, starts_at__lte=at, ends_at__gt=at)


class CampaignClaimQuerySet(models.QuerySet["CampaignClaim"]):
    def of_person(self, subject_id: UUID) -> CampaignClaimQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def usable(self, at: datetime) -> CampaignClaimQuerySet:
        on = {"campaign__starts_at__lte": at, "campaign__ends_at__gt": at}
        return self.filter(used_at__isnull=True, campaign__funded_at__isnull=False, **on)


class FundingQuerySet(models.QuerySet["Funding"]):
    def of_order_locked(self, order_id: UUID) -> Funding | None:
        rows = self.select_for_update(of=("self",), no_key=True).select_related("order")
        return rows.filter(order_id=order_id).first()

    def standing(self) -> FundingQuerySet:
        """Something of it is still an order's."""
        return self.filter(back_minor__lt=F("amount_minor"))
