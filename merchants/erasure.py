"""What keeps somebody from being erased for now: a shop that still trades, and acting for one."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from kernel.errors import N_
from merchants.lifecycle import MerchantState
from merchants.models import Membership, Merchant
from privacy.obstacles import Obstacle

SHOP_OPEN = N_("The shop %(shop)s is not closed. Close it first.")
STILL_MEMBER = N_("You act for the shop %(shop)s. Hand it over or leave it first.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    own = Merchant.objects.filter(subject_id=subject_id).exclude(state=MerchantState.CLOSED)
    acting = Membership.objects.filter(subject_id=subject_id, ended_at=None).exclude(
        merchant__state=MerchantState.CLOSED
    )
    path = reverse("merchants:mine")
    return [Obstacle("shop_open", SHOP_OPEN, {"shop": each.display_name}, path) for each in own] + [
        Obstacle("shop_member", STILL_MEMBER, {"shop": each.merchant.display_name}, path)
        for each in acting.select_related("merchant").order_by("id")
    ]
