"""Letters about inspections: to the shop's owners, and to a senior when we are late."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role
from merchants import reminding, telling
from merchants.events import InspectionEnded, InspectionFound, InspectionOverdue
from merchants.inspection_deadlines import clock_of
from merchants.inspection_lifecycle import InspectionState
from merchants.models import Inspection
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reminder

_SAMPLE: dict[str, Value] = {"shop": "山止工坊", "path": "/merchant/shan-zhi/inspections/"}
KINDS = (
    LetterKind(
        "merchants.inspection_found", sample={**_SAMPLE, "until": datetime(2026, 11, 24, 16, 0, tzinfo=UTC)}
    ),
    LetterKind("merchants.inspection_clean", sample=_SAMPLE),
    LetterKind("merchants.inspection_rectified", sample=_SAMPLE),
    LetterKind("merchants.inspection_escalated", sample=_SAMPLE),
    LetterKind("merchants.inspection_overdue", sample=_SAMPLE),
)
ENDINGS = (InspectionState.CLEAN, InspectionState.RECTIFIED, InspectionState.ESCALATED)


def on_inspection_found(event: InspectionFound, *, at: datetime) -> None:
    inspection = _inspection(event.inspection_id)
    clock = clock_of(inspection)
    _tell(inspection, "inspection_found", at=at, until=clock.due_at if clock else at)


def on_inspection_ended(event: InspectionEnded, *, at: datetime) -> None:
    if event.state in ENDINGS:
        _tell(_inspection(event.inspection_id), f"inspection_{event.state}", at=at)


def on_inspection_overdue(event: InspectionOverdue, *, at: datetime) -> None:
    inspection = _inspection(event.inspection_id)
    said: dict[str, Value] = {"shop": inspection.merchant.display_name, "path": _desk_page(inspection)}
    telling.desk(Role.SENIOR, "merchants.inspection_overdue", reference=inspection.pk, at=at, **said)


def owners_of_inspection(reference: UUID) -> Reminder:
    inspection = _inspection(reference)
    return Reminder(
        inspection.merchant.display_name, reminding.owners(inspection.merchant, _page(inspection))
    )


def desk_of_inspection(reference: UUID) -> Reminder:
    inspection = _inspection(reference)
    return Reminder(inspection.merchant.display_name, reminding.desk(_desk_page(inspection)))


def _tell(inspection: Inspection, kind: str, *, at: datetime, **params: Value) -> None:
    telling.owners(
        inspection.merchant,
        f"merchants.{kind}",
        reference=inspection.pk,
        at=at,
        path=_page(inspection),
        **params,
    )


def _inspection(inspection_id: UUID) -> Inspection:
    return Inspection.objects.select_related("merchant").get(pk=inspection_id)


def _page(inspection: Inspection) -> str:
    return reverse("merchants:inspections", args=[inspection.merchant.slug])


def _desk_page(inspection: Inspection) -> str:
    return reverse("admin:merchants_inspection_change", args=[inspection.pk])
