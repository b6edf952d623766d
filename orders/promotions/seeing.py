"""Who may see which promotion."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from kernel.actor import Actor
from merchants.models import Membership
from orders.campaign_queries import PromotionQuerySet
from orders.models import Coupon, Promotion
from orders.queries import only_row


def promotions_of(membership: Membership) -> PromotionQuerySet:
    """All that the shop ever made, with how many of its coupons were claimed and used."""
    return Promotion.objects.of_merchant(membership.merchant_id).with_gift().with_figures()


def promotions_on(merchant_id: UUID, *, at: datetime) -> PromotionQuerySet:
    return Promotion.objects.of_merchant(merchant_id).with_gift().on(at)


def promotion_on_shelf(merchant_id: UUID, promotion_id: UUID) -> Promotion:
    """:raises NotFound: also for another shop's"""
    return only_row(Promotion.objects.of_merchant(merchant_id), pk=promotion_id)


def coupons_claimed(actor: Actor | None, merchant_id: UUID) -> dict[UUID, int]:
    """Promotion → how many of its coupons this person ever claimed."""
    if actor is None or actor.subject_id is None:
        return {}
    rows = Coupon.objects.of_person(actor.subject_id).filter(
        promotion__merchant_id=merchant_id, voided_at__isnull=True
    )
    return {row["promotion"]: row["n"] for row in rows.values("promotion").annotate(n=Count("pk"))}
