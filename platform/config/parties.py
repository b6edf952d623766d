"""Who has a part in what a deadline is about: the person, and the members of the shop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts import linking
from accounts.models import AccountFreeze
from complaints.models import Complaint
from deadlines.models import Deadline
from merchants.models import Membership, Merchant
from orders.models import CoverClaim, FaultClaim, Order, Return
from oversight.models import Matter
from privacy.models import Request

# What a deadline's reference can name: the paths to its person and to its shop ("" where it has none).
THINGS: tuple[tuple[type[Any], str, str], ...] = (
    (Complaint, "subject_id", "merchant_id"),
    (Order, "subject_id", "merchant_id"),
    (Return, "order__subject_id", "order__merchant_id"),
    (FaultClaim, "order__subject_id", "order__merchant_id"),
    (CoverClaim, "subject_id", ""),
    (Request, "subject_id", ""),
    (AccountFreeze, "subject_id", ""),
    (Merchant, "", "pk"),
    (Matter, "", "merchant_id"),
)


def has_a_part(row: Deadline, subject_id: UUID) -> bool:
    """Whether the deadline is about this person, a guest of theirs, or a shop that they act for."""
    mine = [subject_id, *linking.guests_of(subject_id)]
    shops = Membership.objects.filter(subject_id=subject_id, ended_at=None).values_list("merchant_id")
    for model, person, shop in THINGS:
        found = model._base_manager.filter(pk=row.reference)
        if person and found.filter(**{f"{person}__in": mine}).exists():
            return True
        if shop and found.filter(**{f"{shop}__in": shops}).exists():
            return True
    return False
