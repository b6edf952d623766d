"""Letters about appeals, to the shop's owners; texts in templates/letters/merchants/."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from deadlines import booking
from merchants.appeal_lifecycle import AppealState
from merchants.capabilities import Capability
from merchants.deadlines import APPEAL
from merchants.events import AppealDecided, AppealFiled, AppealOverdue
from merchants.models import Appeal, Membership
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send

_SAMPLE: dict[str, Value] = {"shop": "山止工坊", "path": "/merchant/shan-zhi/standing/"}

KINDS = (
    LetterKind(
        "merchants.appeal_filed", sample={**_SAMPLE, "until": datetime(2026, 11, 24, 16, 0, tzinfo=UTC)}
    ),
    LetterKind("merchants.appeal_upheld", sample=_SAMPLE),
    LetterKind("merchants.appeal_rejected", sample=_SAMPLE),
    LetterKind("merchants.appeal_overdue", sample=_SAMPLE),
)


def on_appeal_filed(event: AppealFiled, *, at: datetime) -> None:
    clock = booking.find(kind=APPEAL, reference=event.appeal_id)
    _tell(event.appeal_id, "appeal_filed", {"until": clock.due_at if clock else at}, at=at)


def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    _tell(
        event.appeal_id, f"appeal_{AppealState.UPHELD if event.upheld else AppealState.REJECTED}", {}, at=at
    )


def on_appeal_overdue(event: AppealOverdue, *, at: datetime) -> None:
    _tell(event.appeal_id, "appeal_overdue", {}, at=at)


def reviewers_of_appeal(reference: UUID) -> Reminder:
    """The merchant desk rules; whoever is free takes it."""
    appeal = Appeal.objects.select_related("merchant").get(pk=reference)
    path = reverse("admin:merchants_appeal_change", args=[appeal.pk])
    return Reminder(
        appeal.merchant.display_name, [Reader(one, path) for one in subjects_in(Role.MERCHANT_DESK)]
    )


def _tell(appeal_id: UUID, kind: str, extra: dict[str, Value], *, at: datetime) -> None:
    appeal = Appeal.objects.select_related("merchant").get(pk=appeal_id)
    path = reverse("merchants:appeal", args=[appeal.merchant.slug, appeal.about, appeal.reference])
    params: dict[str, Value] = {"shop": appeal.merchant.display_name, "path": path, **extra}
    owners = Membership.objects.filter(
        merchant=appeal.merchant, ended_at__isnull=True, capabilities__contains=[str(Capability.OWNER)]
    )
    for subject_id in owners.order_by("id").values_list("subject_id", flat=True):
        send(subject_id=subject_id, kind=f"merchants.{kind}", reference=appeal.pk, params=params, at=at)
