"""Who may see which campaign."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from catalog import search
from catalog.models import Listing
from kernel.actor import Actor
from merchants.models import Membership
from orders.campaign_queries import CampaignEntryQuerySet, CampaignQuerySet
from orders.campaigns.entering import MOST_GOODS
from orders.models import Campaign, CampaignClaim, CampaignEntry, EntryGoods
from orders.queries import only_row

SHOWN_GOODS = 48


def campaigns_to_see(*, at: datetime) -> CampaignQuerySet:
    """Those that are on or to come, and those that were stopped before their end."""
    return Campaign.objects.public().filter(ends_at__gt=at)


def campaign_to_see(campaign_id: UUID) -> Campaign:
    """:raises NotFound: also for one that no money was put aside for"""
    return only_row(Campaign.objects.public(), pk=campaign_id)


def campaigns_of_the_desk(state: str = "", *, at: datetime) -> CampaignQuerySet:
    """All that were ever written, or those that wait for money, run, were stopped or are over."""
    rows = Campaign.objects.order_by("-made_at", "-id")
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=at)
    wanted = {
        "waits": Q(funded_at__isnull=True),
        "runs": Q(funded_at__isnull=False) & ~over,
        "stopped": ~Q(stopped_why=""),
        "over": over & Q(stopped_why=""),
    }
    return rows.filter(wanted.get(state, Q()))


def campaigns_claimed(actor: Actor | None) -> set[UUID]:
    if actor is None or actor.subject_id is None:
        return set()
    return set(CampaignClaim.objects.of_person(actor.subject_id).values_list("campaign", flat=True))


def campaigns_taking_entries(*, at: datetime) -> CampaignQuerySet:
    return Campaign.objects.taking_entries(at)


def campaign_for_shops(campaign_id: UUID) -> Campaign:
    """:raises NotFound: also for a coupon's, which nobody enters"""
    return only_row(Campaign.objects.public(), pk=campaign_id, kind="goods")


def entries_of(membership: Membership) -> CampaignEntryQuerySet:
    """The shop's, each with `pieces`: how many goods it names."""
    return CampaignEntry.objects.of_merchant(membership.merchant_id).annotate(pieces=Count("goods"))


def entries_to(membership: Membership, campaign: Campaign) -> list[CampaignEntry]:
    """Every entry of this shop to it, the newest first."""
    rows = CampaignEntry.objects.of_merchant(membership.merchant_id).filter(campaign=campaign)
    return list(rows.prefetch_related("goods__listing__live_revision"))


def entry_of(membership: Membership, entry_id: UUID) -> CampaignEntry:
    """:raises NotFound: also for another shop's"""
    return only_row(CampaignEntry.objects.of_merchant(membership.merchant_id), pk=entry_id)


def goods_of(membership: Membership) -> list[Listing]:
    """The shop's goods on sale, the newest first."""
    rows = Listing.objects.filter(merchant=membership.merchant_id, state="live")
    return list(
        rows.select_related("live_revision").order_by("-live_revision__published_at", "pk")[:MOST_GOODS]
    )


def goods_in(campaign: Campaign, *, at: datetime) -> list[Listing]:
    """What has its price now, as cards need it; the newest first."""
    rows = EntryGoods.objects.holding(at).filter(entry__campaign=campaign)
    ids = rows.order_by("-id").values_list("listing_id", flat=True)[:SHOWN_GOODS]
    return search.these(list(ids), at=at)


def entry_for_desk(entry_id: UUID) -> CampaignEntry:
    """:raises NotFound:"""
    return only_row(CampaignEntry.objects.with_goods(), pk=entry_id)
