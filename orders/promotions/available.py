"""Which promotions hold for a person's cart now; two statements, whatever is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from orders.models import CartLine, Coupon, Promotion, PromotionKind
from orders.promotions.applying import Available, ShopOffers
from orders.promotions.claiming import CouponUsed
from orders.promotions.splitting import Offer

# The coupon that a person chose by shop; None for none. A shop that isn't named gets the best one.
Picks = Mapping[UUID, UUID | None]


def load(*, subject_id: UUID, at: datetime, picks: Picks | None = None) -> Available:
    """By shop what its goods in this person's cart may get off.

    :raises CouponUsed: for a picked coupon that isn't this person's or can't be used (any more)
    """
    shops = CartLine.objects.filter(subject_id=subject_id).values("listing__merchant")
    rows = Promotion.objects.on(at).filter(kind=PromotionKind.THRESHOLD, merchant__in=shops)
    thresholds: defaultdict[UUID, list[Offer]] = defaultdict(list)
    for row in rows.order_by("id"):
        thresholds[row.merchant_id].append(offer_of(row, row.pk))
    coupons: defaultdict[UUID, list[Offer]] = defaultdict(list)
    held = Coupon.objects.of_person(subject_id).usable(at).filter(promotion__merchant__in=shops)
    for each in held.select_related("promotion").order_by("valid_until", "id"):
        coupons[each.promotion.merchant_id].append(offer_of(each.promotion, each.pk))
    found = {
        shop: ShopOffers(tuple(thresholds[shop]), tuple(coupons[shop]), *_picked(shop, picks or {}))
        for shop in {*thresholds, *coupons, *(picks or {})}
    }
    for offers in found.values():
        if offers.picked and not offers.wanted:
            raise CouponUsed()
    return found


def _picked(shop: UUID, picks: Picks) -> tuple[UUID | None, bool]:
    return picks.get(shop), shop not in picks


def offer_of(promotion: Promotion, reference: UUID) -> Offer:
    """Its terms; `reference` is the coupon's id, or the promotion's own."""
    return Offer(
        reference=reference,
        kind=promotion.kind,
        from_minor=promotion.from_minor,
        off_minor=promotion.off_minor,
        off_permille=promotion.off_permille or 0,
        most_minor=promotion.most_minor or 0,
        categories=frozenset(promotion.categories),
        name=promotion.names,
    )
