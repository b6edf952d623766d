"""Promotions and coupons of a shop, through the use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

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
