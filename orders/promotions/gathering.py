"""A guest turned out to be an account's person: their coupons count together, within what each may have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from accounts import linking
from orders.models import Campaign, CampaignClaim, Coupon, Promotion

Row = TypeVar("Row", Coupon, CampaignClaim)


@transaction.atomic
def gather(*, subject_id: UUID, at: datetime) -> int:
    """Count coupons of this person's guests as the person's own; void unused ones above the limit.

    What was used before the link stays used: an order was placed on it. Gives how many were voided.
    """
    person_id = linking.person_of(subject_id)
    apart = {"subject_id__in": linking.persons_of(person_id), "voided_at__isnull": True}
    coupons = Coupon.objects.filter(**apart).exclude(person=person_id)
    claims = CampaignClaim.objects.filter(**apart).exclude(person=person_id)
    # As claiming does, the offers first and in one order: so nobody claims another meanwhile.
    offers = Promotion.objects.filter(coupons__in=coupons).order_by("pk").values_list("pk", flat=True)
    each = {pk: Promotion.objects.locked(pk).each for pk in dict.fromkeys(offers)}
    for pk in sorted(set(claims.values_list("campaign_id", flat=True))):
        Campaign.objects.locked(pk)
    return _coupons(coupons, person_id, each, at) + _claims(claims, person_id, at)


def _coupons(rows: Iterable[Coupon], person_id: UUID, each: dict[UUID, int], at: datetime) -> int:
    voided = 0
    for row in _used_first(rows):
        own = Coupon.objects.counting(person_id).filter(promotion=row.promotion_id)
        taken = set(own.values_list("number", flat=True))
        free = [number for number in range(1, each[row.promotion_id] + 1) if number not in taken]
        if free:
            row.person, row.number = person_id, free[0]
        elif row.used_at is None:
            row.voided_at = at
            voided += 1
        row.save(update_fields=["person", "number", "voided_at"])
    return voided


def _claims(rows: Iterable[CampaignClaim], person_id: UUID, at: datetime) -> int:
    voided = 0
    for row in _used_first(rows):
        if not CampaignClaim.objects.counting(person_id).filter(campaign=row.campaign_id).exists():
            row.person = person_id
        elif row.used_at is None:
            row.voided_at = at
            voided += 1
        row.save(update_fields=["person", "voided_at"])
    return voided


def _used_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.used_at is None, row.claimed_at, row.pk))
