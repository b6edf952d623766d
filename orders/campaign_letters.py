"""Letters about campaigns, to the shop's owners; texts in templates/letters/orders/."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from catalog.schema import in_language
from merchants.capabilities import Capability
from merchants.models import Membership
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from orders.campaign_events import CampaignStopped, EntryAccepted, EntryHandedIn, EntryRefused
from orders.entry_lifecycle import EntryState
from orders.models import CampaignEntry

_SAMPLE: dict[str, Value] = {"campaign": "安心秋日", "path": "/merchant/shan-zhi/campaigns/"}
_DATED: dict[str, Value] = {**_SAMPLE, "until": datetime(2026, 11, 24, 16, 0, tzinfo=UTC)}
KINDS = (
    LetterKind("orders.entry_handed_in", sample=_DATED),
    LetterKind("orders.entry_accepted", sample={**_DATED, "silent": 0}),
    LetterKind("orders.entry_refused", sample=_SAMPLE),
    LetterKind("orders.campaign_stopped", sample=_SAMPLE),
)


def on_entry_handed_in(event: EntryHandedIn, *, at: datetime) -> None:
    _tell(_entry(event.entry_id), "entry_handed_in", {"until": event.answer_by}, at=at)


def on_entry_accepted(event: EntryAccepted, *, at: datetime) -> None:
    entry = _entry(event.entry_id)
    said: dict[str, Value] = {"until": entry.campaign.starts_at, "silent": int(event.by_silence)}
    _tell(entry, "entry_accepted", said, at=at)


def on_entry_refused(event: EntryRefused, *, at: datetime) -> None:
    _tell(_entry(event.entry_id), "entry_refused", {}, at=at)


def on_campaign_stopped(event: CampaignStopped, *, at: datetime) -> None:
    """To every shop whose goods were in it, or waited to be."""
    rows = CampaignEntry.objects.standing().filter(campaign_id=event.campaign_id)
    for entry in rows.with_goods().order_by("pk"):
        _tell(entry, "campaign_stopped", {}, at=at)


def desk_of_entry(reference: UUID) -> Reminder:
    """The money desk answers; whoever is free takes it."""
    entry = _entry(reference)
    path = reverse("admin:orders_campaignentry_change", args=[entry.pk])
    readers = [Reader(one, path) for one in subjects_in(Role.MONEY_DESK)]
    return Reminder(entry.merchant.display_name, readers if entry.state == EntryState.APPLIED else [])


def _entry(entry_id: UUID) -> CampaignEntry:
    return CampaignEntry.objects.select_related("campaign", "merchant").get(pk=entry_id)


def _tell(entry: CampaignEntry, kind: str, extra: dict[str, Value], *, at: datetime) -> None:
    path = reverse("orders:merchant-campaign", args=[entry.merchant.slug, entry.campaign_id])
    name = in_language(entry.campaign.names, "zh-hans")
    params: dict[str, Value] = {"campaign": name, "path": path, **extra}
    owners = Membership.objects.filter(
        merchant=entry.merchant, ended_at__isnull=True, capabilities__contains=[str(Capability.OWNER)]
    )
    for subject_id in owners.order_by("id").values_list("subject_id", flat=True):
        send(subject_id=subject_id, kind=f"orders.{kind}", reference=entry.pk, params=params, at=at)
