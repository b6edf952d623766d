"""What promotions take off the lines of one shop in a cart; pure, so that every page and the order agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from kernel.money import Money
from orders.campaigns.prices import GoodsPrice
from orders.campaigns.taking_off import CampaignOffer
from orders.promotions import splitting
from orders.promotions.gifts import Gift
from orders.promotions.splitting import Applied, Goods, Offer, Share

if TYPE_CHECKING:
    from orders.arranged import CartItem


@dataclass(frozen=True, slots=True)
class ShopOffers:
    """A shop's threshold offers and this person's coupons for it; `reference` of a coupon's offer is its id.

    `picked` is the coupon that the person chose, None for none; unless `automatic`, which takes the best.
    """

    thresholds: tuple[Offer, ...] = ()
    coupons: tuple[Offer, ...] = ()
    gifts: tuple[Gift, ...] = ()
    campaigns: tuple[CampaignOffer, ...] = ()
    prices: tuple[GoodsPrice, ...] = ()
    picked: UUID | None = None
    automatic: bool = True

    @property
    def wanted(self) -> tuple[Offer, ...]:
        if self.automatic:
            return self.coupons
        return tuple(each for each in self.coupons if each.reference == self.picked)


Available = Mapping[UUID, ShopOffers]
# The key of what holds for the goods of several shops at once.
EVERYWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a shop's promotions do to its goods. `useful`: each coupon that would take something off."""

    offers: tuple[Applied, ...] = ()
    useful: tuple[Applied, ...] = ()
    missing: Applied | None = None
    prices: tuple[GoodsPrice, ...] = ()


@dataclass(frozen=True, slots=True)
class Lowered:
    """The lines with their shares, and how they came by them."""

    items: tuple[CartItem, ...]
    taken: Taken = field(default_factory=Taken)


def apply(items: Sequence[CartItem], offers: ShopOffers | None) -> Lowered:
    """The threshold offer that takes the most off, then one coupon; on what sets and campaigns left to pay.

    The items are `bare`, but for campaigns' prices.
    """
    plain = list(items)
    if offers is None:
        return Lowered(tuple(plain))
    goods = [_goods(item) for item in plain]
    shares: dict[UUID, tuple[Share, ...]] = {}
    threshold, left = _take(splitting.best(offers.thresholds, goods), goods, shares)
    missing = splitting.nearest(offers.thresholds, goods) if threshold is None else None
    useful = tuple(found for each in offers.coupons if (found := splitting.best([each], left)) is not None)
    coupon, _rest = _take(splitting.best(offers.wanted, left), left, shares)
    used = tuple(each for each in (threshold, coupon) if each is not None)
    return Lowered(
        tuple(_lowered(item, shares.get(item.line.pk, ())) for item in plain), Taken(used, useful, missing)
    )


def bare(item: CartItem) -> CartItem:
    """The line as it was before promotions."""
    if not item.shares:
        return item
    return replace(item, discount=item.discount - _sum(item.shares), shares=())


def _goods(item: CartItem) -> Goods:
    return Goods(item.line.pk, frozenset({item.listing.category_id}), item.paid_goods.minor)


def _take(
    found: Applied | None, goods: Sequence[Goods], shares: dict[UUID, tuple[Share, ...]]
) -> tuple[Applied | None, Sequence[Goods]]:
    if found is None:
        return None, goods
    parts = splitting.shares_of(found, goods)
    for key, part in parts.items():
        shares[key] = (*shares.get(key, ()), part)
    return found, splitting.less(goods, parts)


def _lowered(item: CartItem, shares: tuple[Share, ...]) -> CartItem:
    if not shares:
        return item
    return replace(item, discount=item.discount + _sum(shares), shares=(*item.shares, *shares))


def _sum(shares: Iterable[Share]) -> Money:
    return Money(sum(each.amount_minor for each in shares))
