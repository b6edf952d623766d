"""A campaign's coupon over the goods of several shops: taken off the cart, and bound to what is ordered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from kernel.money import Money
from merchants.models import Merchant
from orders.campaigns import claiming, funding
from orders.campaigns.conditions import grade_is_enough
from orders.models import Campaign, CampaignClaim, DiscountKind, Funding, Order, Purchase
from orders.promotions import splitting
from orders.promotions.splitting import Applied, Goods, Offer

if TYPE_CHECKING:
    from orders.arranged import CartGroup, CartItem


@dataclass(frozen=True, slots=True)
class CampaignOffer:
    """What a claimed coupon takes off; `offer.reference` is the claim."""

    offer: Offer
    least_grade: str

    def counts(self, shop: Merchant) -> bool:
        """Whether this shop's goods count: it trades as a business, with the grade that is asked for."""
        if shop.is_private_person or not shop.sells:
            return False
        return grade_is_enough(shop.grade, self.least_grade)


def offer_of(campaign: Campaign, claim_id: UUID) -> Offer:
    """Its terms, as one claimed coupon."""
    return Offer(
        reference=claim_id,
        kind=DiscountKind.CAMPAIGN,
        from_minor=campaign.from_minor,
        off_minor=campaign.off_minor,
        name=campaign.names,
    )


def load(claim_ids: Collection[UUID]) -> tuple[CampaignOffer, ...]:
    """Those of these claims whose campaign can still pay; one statement, none without ids."""
    if not claim_ids:
        return ()
    rows = CampaignClaim.objects.filter(pk__in=list(claim_ids)).select_related("campaign").order_by("pk")
    paying = [row for row in rows if row.campaign.left.minor >= row.campaign.off_minor]
    return tuple(CampaignOffer(offer_of(row.campaign, row.pk), row.campaign.least_grade) for row in paying)


def apply(groups: Sequence[CartGroup], offers: Sequence[CampaignOffer]) -> list[CartGroup]:
    """The one that takes the most off, split over all goods that count, after the shops' own offers."""
    best: tuple[Applied, list[Goods]] | None = None
    for each in offers:
        goods = [_goods(item) for group in groups if each.counts(group.merchant) for item in group.items]
        found = splitting.best([each.offer], goods)
        if found and (best is None or found.off_minor > best[0].off_minor):
            best = found, goods
    if best is None:
        return list(groups)
    shares = splitting.shares_of(*best)
    return [_lowered(group, best[0], shares) for group in groups]


def _goods(item: CartItem) -> Goods:
    return Goods(item.line.pk, frozenset({item.listing.category_id}), item.paid_goods.minor)


def _lowered(group: CartGroup, applied: Applied, shares: dict[UUID, splitting.Share]) -> CartGroup:
    parts = [shares[item.line.pk] for item in group.items if item.line.pk in shares]
    if not parts:
        return group
    items = tuple(
        replace(
            item,
            discount=item.discount + Money(shares[item.line.pk].amount_minor),
            shares=(*item.shares, shares[item.line.pk]),
        )
        if item.line.pk in shares
        else item
        for item in group.items
    )
    own = replace(applied, off_minor=sum(part.amount_minor for part in parts))
    return replace(group, items=items, taken=replace(group.taken, offers=(*group.taken.offers, own)))


def bind(purchase: Purchase, orders: Sequence[Order], groups: Sequence[CartGroup], *, at: datetime) -> None:
    """Campaigns promise each order their parts, and the coupon is used; inside the purchase's transaction.

    :raises CampaignSpent: when what was put aside is gone, or the coupon was used meanwhile
    """
    lowered: dict[tuple[UUID, UUID], int] = {}
    for order, group in zip(orders, groups, strict=True):
        shares = [share for item in group.items for share in item.shares]
        for share in (each for each in shares if each.kind == DiscountKind.CAMPAIGN):
            key = (order.pk, share.reference)
            lowered[key] = lowered.get(key, 0) + share.amount_minor
    if not lowered:
        return
    parts = _parts(lowered, groups)
    for campaign_id in sorted({each.campaign_id for each in parts}):
        amount = sum(each.amount_minor for each in parts if each.campaign_id == campaign_id)
        claiming.promise(campaign_id=campaign_id, amount_minor=amount)
    claims = {each.claim_id for each in parts if each.claim_id is not None}
    claiming.use(claim_ids=claims, subject_id=purchase.subject_id, purchase=purchase, at=at)
    Funding.objects.bulk_create(funding.rows(orders, parts))


def _parts(lowered: dict[tuple[UUID, UUID], int], groups: Sequence[CartGroup]) -> list[funding.Part]:
    """By order and campaign what it pays in; several goods of one campaign are one part."""
    prices = {each.reference: each.terms.campaign_id for group in groups for each in group.taken.prices}
    claims = {reference for _order, reference in lowered if reference not in prices}
    campaigns = (
        dict(CampaignClaim.objects.filter(pk__in=claims).values_list("pk", "campaign_id")) if claims else {}
    )
    sums: dict[tuple[UUID, UUID, UUID | None], int] = {}
    for (order_id, reference), minor in lowered.items():
        claimed = reference in campaigns
        campaign_id = campaigns[reference] if claimed else prices[reference]
        key = (order_id, campaign_id, reference if claimed else None)
        sums[key] = sums.get(key, 0) + minor
    return [funding.Part(*key, minor) for key, minor in sums.items()]
