"""Campaigns' prices in a cart: off each piece of accepted goods, while the campaign's money pays its part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from catalog.campaign_prices import Terms
from kernel.money import Money
from orders.campaigns import conditions
from orders.campaigns.answering import terms_of
from orders.models import Campaign, DiscountKind, EntryGoods
from orders.promotions.splitting import Applied, Offer, Share

if TYPE_CHECKING:
    from orders.arranged import CartItem


@dataclass(frozen=True, slots=True)
class GoodsPrice:
    """What a campaign takes off one listing; `reference` is the goods' row that discounts refer to."""

    reference: UUID
    listing_id: UUID
    least_grade: str
    left_minor: int
    terms: Terms

    def counts(self, item: CartItem) -> bool:
        """A thing bought alone, of a shop that still is what the campaign asks for."""
        shop = item.listing.merchant
        enough = conditions.grade_is_enough(shop.grade, self.least_grade)
        return item.in_set is None and shop.sells and not shop.is_private_person and enough

    def offer(self, kind: DiscountKind) -> Offer:
        """As one row of what came off: its name and how much a piece."""
        off = self.terms.off_permille
        return Offer(self.reference, kind, from_minor=0, off_permille=off, name=self.terms.names)


def load(goods_ids: Collection[UUID]) -> tuple[GoodsPrice, ...]:
    """In one statement, in none without ids; the deeper of two campaigns first."""
    if not goods_ids:
        return ()
    rows = EntryGoods.objects.filter(pk__in=list(goods_ids)).select_related("entry__campaign")
    found = [_price(row, row.entry.campaign) for row in rows]
    return tuple(sorted(found, key=lambda each: (-each.terms.off_permille, each.reference)))


def _price(row: EntryGoods, campaign: Campaign) -> GoodsPrice:
    return GoodsPrice(
        reference=row.pk,
        listing_id=row.listing_id,
        least_grade=campaign.least_grade,
        left_minor=campaign.left.minor,
        terms=terms_of(row.entry),
    )


@dataclass(slots=True)
class Pot:
    """What each campaign can still pay while one cart is reckoned, line by line."""

    prices: Sequence[GoodsPrice] = ()
    spent: dict[UUID, int] = field(default_factory=dict)

    def lower(self, items: Iterable[CartItem]) -> list[CartItem]:
        return [self._lowered(item) for item in items]

    def _lowered(self, item: CartItem) -> CartItem:
        for price in self.prices:
            if price.listing_id != item.listing.pk or not price.counts(item):
                continue
            platform, shop = self._parts(price, item)
            before = self.spent.get(price.terms.campaign_id, 0)
            if not platform + shop or before + platform > price.left_minor:
                continue
            self.spent[price.terms.campaign_id] = before + platform
            made = [
                Share(str(kind), price.reference, part)
                for kind, part in ((DiscountKind.CAMPAIGN, platform), (DiscountKind.ENTRY, shop))
                if part
            ]
            return replace(item, discount=item.discount + Money(platform + shop), shares=tuple(made))
        return item

    @staticmethod
    def _parts(price: GoodsPrice, item: CartItem) -> tuple[int, int]:
        """Piece by piece, so that five pieces cost five times what the page says."""
        platform, shop = price.terms.parts(price.terms.off(item.unit.minor))
        return platform * item.quantity, shop * item.quantity


def applied(items: Iterable[CartItem], prices: Sequence[GoodsPrice]) -> tuple[Applied, ...]:
    """What campaigns' prices took off these lines, by campaign and by who bears it."""
    known = {each.reference: each for each in prices}
    sums: dict[tuple[UUID, str], int] = {}
    shown: dict[tuple[UUID, str], GoodsPrice] = {}
    for share in (share for item in items for share in item.shares if share.reference in known):
        price = known[share.reference]
        key = (price.terms.campaign_id, share.kind)
        shown.setdefault(key, price)
        sums[key] = sums.get(key, 0) + share.amount_minor
    return tuple(Applied(price.offer(DiscountKind(key[1])), 0, sums[key]) for key, price in shown.items())


def offers_of(goods_ids: Collection[UUID]) -> Mapping[UUID, Offer]:
    """By goods row, for orders that were placed with a campaign's price."""
    rows = EntryGoods.objects.filter(pk__in=list(goods_ids)).select_related("entry__campaign")
    return {row.pk: _price(row, row.entry.campaign).offer(DiscountKind.CAMPAIGN) for row in rows}
