"""Promotions and coupons of a shop, through the use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from catalog.models import Listing, Variant
from kernel.actor import Actor
from merchants.models import Merchant
from orders.models import Coupon, Promotion
from orders.promotions import claiming, offering
from orders.promotions.offering import Terms
from tests.builders.orders import ORDERED


def terms(kind: str = "threshold", *, at: datetime = ORDERED, **changed: Any) -> Terms:
    """30.00 off from 200.00 on, for a week from an hour before `at`."""
    plain = Terms(
        kind=kind,
        names={"zh-hans": "满两百减三十"},
        from_minor=20000,
        off_minor=3000,
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(days=7),
    )
    return replace(plain, **changed)


def a_promotion(
    merchant: Merchant, kind: str = "threshold", *, at: datetime = ORDERED, **changed: Any
) -> Promotion:
    actor = Actor.system()
    return offering.make(merchant_id=merchant.pk, terms=terms(kind, at=at, **changed), actor=actor, at=at)


def a_coupon(merchant: Merchant, subject_id: UUID, *, at: datetime = ORDERED, **changed: Any) -> Coupon:
    made = a_promotion(merchant, "coupon", at=at, **changed)
    return claiming.claim(promotion_id=made.pk, subject_id=subject_id, actor=Actor.buyer(subject_id), at=at)


def a_gift(
    merchant: Merchant, thing: Listing, *, at: datetime = ORDERED, value: int | None = None, **changed: Any
) -> Promotion:
    """One piece of `thing` from 100.00 on, at its price or `value` (fen)."""
    told: dict[str, Any] = {
        "names": {"zh-hans": "满百送杯"},
        "from_minor": 10000,
        "off_minor": None,
        "gift_sku": sku_of(thing),
        "gift_minor": value,
    }
    return a_promotion(merchant, "gift", at=at, **(told | changed))


def sku_of(listing: Listing) -> str:
    """The shop's code of its only variant."""
    return str(Variant.objects.get(listing=listing).sku)
