"""Letters to the people who act for a shop, and to the platform's desks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.staff import Role, subjects_in
from merchants.models import Merchant
from notifications.kinds import Value
from notifications.sending import send
from web import tenancy


def owners(merchant: Merchant, kind: str, *, reference: UUID, at: datetime, **params: Value) -> None:
    """Write to everybody who owns the shop; members with fewer powers are not bothered."""
    said: dict[str, Value] = {"shop": merchant.display_name, **params}
    found = merchant.memberships.filter(ended_at__isnull=True, capabilities__contains=["owner"])
    people = list(found.order_by("id").values_list("subject_id", flat=True))
    with tenancy.widened():
        for subject_id in people:
            send(subject_id=subject_id, kind=kind, reference=reference, params=said, at=at)


def desk(role: Role, kind: str, *, reference: UUID, at: datetime, **params: Value) -> None:
    """Write to everybody who holds that role."""
    with tenancy.widened():
        for subject_id in subjects_in(role):
            send(subject_id=subject_id, kind=kind, reference=reference, params=params, at=at)
