"""Which promotions hold for a person's cart now; one statement, and one more where something is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, CharField, PositiveSmallIntegerField, QuerySet, Value

from orders.campaigns import prices, taking_off
from orders.models import (
    CampaignClaim,
    CartLine,
    Coupon,
    DiscountKind,
    EntryGoods,
    Promotion,
    PromotionKind,
)
from orders.promotions import gifts
from orders.promotions.applying import EVERYWHERE, Available, ShopOffers
from orders.promotions.claiming import CouponUsed
from orders.promotions.splitting import Offer
from web.kept_statements import Kept

TERMS = ("kind", "from_minor", "off_minor", "off_permille", "most_minor", "categories", "names")
# The coupon that a person chose by shop; None for none. A shop that isn't named gets the best one.
Picks = Mapping[UUID, UUID | None]


def load(*, subject_id: UUID, at: datetime, picks: Picks | None = None) -> Available:
    """By shop what its goods in this person's cart may get off.

    :raises CouponUsed: for a picked coupon that isn't this person's or can't be used (any more)
    """
    thresholds: defaultdict[UUID, list[Offer]] = defaultdict(list)
    given: list[UUID] = []
    claims: list[UUID] = []
    goods: list[UUID] = []
    coupons: defaultdict[UUID, list[Offer]] = defaultdict(list)
    for shop, reference, kind, *terms in _rows(subject_id, at):
        if kind == PromotionKind.GIFT:
            given.append(reference)
            continue
        if kind == DiscountKind.CAMPAIGN:
            claims.append(reference)
            continue
        if kind == DiscountKind.ENTRY:
            goods.append(reference)
            continue
        of_kind = coupons if kind == PromotionKind.COUPON else thresholds
        of_kind[shop].append(_offer(reference, kind, *terms))
    of_shop = gifts.load(given)
    found = {}
    for shop in {*thresholds, *coupons, *of_shop, *(picks or {})}:
        picked, automatic = _picked(shop, picks or {})
        found[shop] = ShopOffers(
            thresholds=tuple(thresholds[shop]),
            coupons=tuple(coupons[shop]),
            gifts=of_shop.get(shop, ()),
            picked=picked,
            automatic=automatic,
        )
    if claims or goods:
        found[EVERYWHERE] = ShopOffers(campaigns=taking_off.load(claims), prices=prices.load(goods))
    for offers in found.values():
        if offers.picked and not offers.wanted:
            raise CouponUsed()
    return found


def _picked(shop: UUID, picks: Picks) -> tuple[UUID | None, bool]:
    return picks.get(shop), shop not in picks


def _rows(subject_id: UUID, at: datetime) -> list[tuple[Any, ...]]:
    """What is on for everybody and this person's coupons, of the shops in the cart; in one statement."""
    return sorted(_OFFERS.rows(subject_id=subject_id, at=at), key=lambda row: row[1])


def _offers(subject_id: UUID, at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    shops = CartLine.objects.filter(subject_id=subject_id).values("listing__merchant")
    on = Promotion.objects.on(at).exclude(kind=PromotionKind.COUPON).filter(merchant__in=shops)
    held = Coupon.objects.of_person(subject_id).usable(at).filter(promotion__merchant__in=shops)
    mine = held.values_list("promotion__merchant", "id", *(f"promotion__{name}" for name in TERMS))
    return on.values_list("merchant", "id", *TERMS).union(
        mine, _claims(subject_id, at), _goods(subject_id, at), all=True
    )


_OFFERS = Kept[tuple[Any, ...]](_offers)


def _plain(kind: DiscountKind) -> dict[str, Value]:
    return {
        "as_kind": Value(kind, CharField()),
        "as_permille": Value(None, PositiveSmallIntegerField()),
        "as_most": Value(None, BigIntegerField()),
        "as_categories": Value([], ArrayField(CharField(max_length=40))),
    }


def _goods(subject_id: UUID, at: datetime) -> Any:
    """Goods in this person's cart that have a campaign's price, in the same columns."""
    wanted = CartLine.objects.filter(subject_id=subject_id).values("listing")
    rows = EntryGoods.objects.holding(at).filter(listing__in=wanted).annotate(**_plain(DiscountKind.ENTRY))
    sums = ("entry__campaign__from_minor", "entry__campaign__off_minor", "as_permille", "as_most")
    return rows.values_list(
        "entry__campaign", "id", "as_kind", *sums, "as_categories", "entry__campaign__names"
    )


def _claims(subject_id: UUID, at: datetime) -> Any:
    """This person's coupons of campaigns, in the same columns; the campaign stands where a shop would."""
    rows = CampaignClaim.objects.of_person(subject_id).usable(at).annotate(**_plain(DiscountKind.CAMPAIGN))
    sums = ("campaign__from_minor", "campaign__off_minor", "as_permille", "as_most")
    return rows.values_list("campaign", "id", "as_kind", *sums, "as_categories", "campaign__names")


def _offer(
    reference: UUID,
    kind: str,
    from_minor: int,
    off_minor: int | None,
    off_permille: int | None,
    most_minor: int | None,
    categories: list[str],
    names: Mapping[str, str],
) -> Offer:
    return Offer(
        reference=reference,
        kind=kind,
        from_minor=from_minor,
        off_minor=off_minor,
        off_permille=off_permille or 0,
        most_minor=most_minor or 0,
        categories=frozenset(categories),
        name=names,
    )


def offer_of(promotion: Promotion, reference: UUID) -> Offer:
    """Its terms; `reference` is the coupon's id, or the promotion's own."""
    told = [getattr(promotion, name) for name in TERMS]
    return _offer(reference, *told)
