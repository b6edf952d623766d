"""Letters about a shop that leaves, to its owners."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from merchants import reminding, telling
from merchants.events import ClosingAnnounced, ClosingWithdrawn
from merchants.models import Merchant
from notifications.reminders import Reminder


def on_closing_announced(event: ClosingAnnounced, *, at: datetime) -> None:
    _tell(event.merchant_id, "closing_announced", at=at)


def on_closing_withdrawn(event: ClosingWithdrawn, *, at: datetime) -> None:
    _tell(event.merchant_id, "closing_withdrawn", at=at)


def owners_of_closing(reference: UUID) -> Reminder:
    merchant = Merchant.objects.get(pk=reference)
    return Reminder(merchant.display_name, reminding.owners(merchant, _page(merchant)))


def _tell(merchant_id: UUID, kind: str, *, at: datetime) -> None:
    merchant = Merchant.objects.get(pk=merchant_id)
    telling.owners(merchant, f"merchants.{kind}", reference=merchant.pk, at=at, path=_page(merchant))


def _page(merchant: Merchant) -> str:
    return reverse("merchants:closing", args=[merchant.slug])
