"""Letters about penalties, to the shop's owners; texts in templates/letters/merchants/."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from merchants import reminding, telling
from merchants.events import (
    PenaltyDropped,
    PenaltyEnded,
    PenaltyNoticed,
    PenaltyOverturned,
    PenaltyTookEffect,
)
from merchants.models import Penalty
from merchants.penalty_deadlines import penalty_clock
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reminder

_SAMPLE: dict[str, Value] = {"shop": "山止工坊", "path": "/merchant/shan-zhi/standing/"}
_POINTS: dict[str, Value] = {
    **_SAMPLE, "points": 3, "sum": 6, "until": datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
}  # fmt: skip

KINDS = (
    LetterKind("merchants.penalty_noticed", sample=_POINTS),
    LetterKind("merchants.penalty_in_force", sample=_POINTS),
    LetterKind("merchants.penalty_dropped", sample=_SAMPLE),
    LetterKind("merchants.penalty_ended", sample=_SAMPLE),
    LetterKind("merchants.penalty_overturned", sample=_SAMPLE),
)


def on_penalty_noticed(event: PenaltyNoticed, *, at: datetime) -> None:
    _counted(event.penalty_id, "penalty_noticed", at=at)


def on_penalty_took_effect(event: PenaltyTookEffect, *, at: datetime) -> None:
    _counted(event.penalty_id, "penalty_in_force", at=at)


def on_penalty_dropped(event: PenaltyDropped, *, at: datetime) -> None:
    _tell(_penalty(event.penalty_id), "penalty_dropped", at=at)


def on_penalty_ended(event: PenaltyEnded, *, at: datetime) -> None:
    _tell(_penalty(event.penalty_id), "penalty_ended", at=at)


def on_penalty_overturned(event: PenaltyOverturned, *, at: datetime) -> None:
    _tell(_penalty(event.penalty_id), "penalty_overturned", at=at)


def owners_of_penalty(reference: UUID) -> Reminder:
    penalty = _penalty(reference)
    return Reminder(penalty.merchant.display_name, reminding.owners(penalty.merchant, _page(penalty)))


def desk_of_penalty(reference: UUID) -> Reminder:
    penalty = _penalty(reference)
    path = reverse("admin:merchants_penalty_change", args=[penalty.pk])
    return Reminder(penalty.merchant.display_name, reminding.desk(path))


def _counted(penalty_id: UUID, kind: str, *, at: datetime) -> None:
    penalty = _penalty(penalty_id)
    clock = penalty_clock(penalty)
    until = clock.due_at if clock else penalty.ends_at or at
    _tell(penalty, kind, at=at, points=penalty.points, sum=penalty.sum_after, until=until)


def _tell(penalty: Penalty, kind: str, *, at: datetime, **params: Value) -> None:
    telling.owners(
        penalty.merchant, f"merchants.{kind}", reference=penalty.pk, at=at, path=_page(penalty), **params
    )


def _penalty(penalty_id: UUID) -> Penalty:
    return Penalty.objects.select_related("merchant").get(pk=penalty_id)


def _page(penalty: Penalty) -> str:
    return reverse("merchants:standing", args=[penalty.merchant.slug])
