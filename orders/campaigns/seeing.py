"""Who may see which campaign."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from orders.campaign_queries import CampaignQuerySet
from orders.models import Campaign, CampaignClaim
from orders.queries import only_row


def campaigns_to_see(*, at: datetime) -> CampaignQuerySet:
    """Those that are on or to come."""
    return Campaign.objects.public().filter(ends_at__gt=at)


def campaign_to_see(campaign_id: UUID) -> Campaign:
    """:raises NotFound: also for one that no money was put aside for"""
    return only_row(Campaign.objects.public(), pk=campaign_id)


def campaigns_of_the_desk() -> CampaignQuerySet:
    """All that were ever written, the newest first."""
    return Campaign.objects.order_by("-made_at", "-id")


def campaigns_claimed(actor: Actor | None) -> set[UUID]:
    if actor is None or actor.subject_id is None:
        return set()
    return set(CampaignClaim.objects.of_person(actor.subject_id).values_list("campaign", flat=True))
