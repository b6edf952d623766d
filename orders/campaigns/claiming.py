"""A buyer claims a campaign's coupon, uses it on a purchase, and has it back when that comes to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import linking
from catalog import campaign_prices
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders.models import Campaign, CampaignClaim, Purchase


class CampaignNotOn(DomainError):
    code = "campaign_not_on"
    message = N_("This campaign isn't on. It hasn't begun yet, or it is over.")


class CampaignClaimed(DomainError):
    code = "campaign_claimed"
    message = N_("You have this coupon already. It comes off by itself at the checkout.")


class CampaignSpent(DomainError):
    """Whoever comes last: what was put aside is promised to others."""

    code = "campaign_spent"
    status = 409
    message = N_(
        "What was put aside for this campaign is used up. Check the total again: nothing was charged."
    )


@transaction.atomic
def claim(*, campaign_id: UUID, subject_id: UUID, actor: Actor, at: datetime) -> CampaignClaim:
    """:raises NotFound: :raises CampaignNotOn, CampaignClaimed, CampaignSpent:"""
    person_id = linking.hold(subject_id)
    campaign = Campaign.objects.locked(campaign_id)
    if campaign.is_of_goods or not campaign.is_on(at):
        raise CampaignNotOn()
    if campaign.left.minor < campaign.off_minor:
        raise CampaignSpent()
    if CampaignClaim.objects.counting(person_id).filter(campaign=campaign).exists():
        raise CampaignClaimed()
    return CampaignClaim.objects.create(campaign=campaign, subject_id=subject_id, claimed_at=at)


def promise(*, campaign_id: UUID, amount_minor: int) -> None:
    """Set so much of what is left aside for one purchase, inside its transaction.

    :raises CampaignSpent: when less is left
    """
    campaign = Campaign.objects.locked(campaign_id)
    if campaign.ended_at is not None or campaign.left.minor < amount_minor:
        raise CampaignSpent()
    campaign.promised_minor += amount_minor
    campaign.save(update_fields=["promised_minor"])
    if campaign.is_of_goods:
        campaign_prices.follow_money(campaign_id, left_minor=campaign.left.minor)


def use(*, claim_ids: Iterable[UUID], subject_id: UUID, purchase: Purchase, at: datetime) -> None:
    """:raises CampaignSpent: when one was used meanwhile; nothing is bound"""
    wanted = set(claim_ids)
    free = {"used_at__isnull": True, "voided_at__isnull": True}
    rows = CampaignClaim.objects.of_person(subject_id).filter(pk__in=wanted, **free)
    if wanted and rows.update(used_at=at, purchase=purchase) < len(wanted):
        raise CampaignSpent()
