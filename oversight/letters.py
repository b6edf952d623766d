"""Letters about matters: to whoever reported, to the shop and to the seniors; texts in templates/letters."""

from __future__ import annotations

from datetime import UTC, datetime

from django.urls import reverse

from accounts.staff import Role
from merchants import telling
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from oversight import deadlines, deciding
from oversight.events import MatterClosed, MatterOverdue, ReportReceived, ShopAsked
from oversight.models import Matter, Report
from oversight.states import PUBLISHED
from privacy import subjects

_DAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
_MATTER: dict[str, Value] = {"number": "V7KQ2M9XTA4", "path": "/reports/track/"}
_SHOP: dict[str, Value] = {
    "shop": "山止工坊",
    "number": "V7KQ2M9XTA4",
    "path": "/merchant/shan-zhi/oversight/V7KQ2M9XTA4/",
}
KINDS = (
    LetterKind("oversight.report_received", sample={**_MATTER, "until": _DAY}),
    LetterKind(
        "oversight.report_closed", sample={**_MATTER, "outcome": "suspended", "reason": "没有 3C 证书"}
    ),
    LetterKind("oversight.shop_asked", sample={**_SHOP, "until": _DAY}),
    LetterKind("oversight.shop_told", sample={**_SHOP, "outcome": "corrected", "reason": "宣传语已改正"}),
    LetterKind("oversight.matter_overdue", sample={"number": "V7KQ2M9XTA4", "path": "/admin/"}),
)


def on_report_received(event: ReportReceived, *, at: datetime) -> None:
    """To whoever can be reached; the code itself is in no letter."""
    held = Report.objects.select_related("matter").get(pk=event.report_id)
    clock = deadlines.shown(held.matter_id)
    _to_reporter(held, "oversight.report_received", {"until": clock.due_at if clock else at}, at=at)


def on_shop_asked(event: ShopAsked, *, at: datetime) -> None:
    matter = Matter.objects.select_related("merchant").get(pk=event.matter_id)
    clock = deadlines.shown(matter.pk)
    _to_shop(matter, "oversight.shop_asked", at=at, until=clock.due_at if clock else at)


def on_matter_overdue(event: MatterOverdue, *, at: datetime) -> None:
    """To the seniors, who decide it from now on."""
    matter = Matter.objects.get(pk=event.matter_id)
    path = reverse("admin:oversight_matter_change", args=[matter.pk])
    telling.desk(
        Role.SENIOR,
        "oversight.matter_overdue",
        reference=matter.pk,
        at=at,
        number=matter.number,
        path=path,
    )


def on_matter_closed(event: MatterClosed, *, at: datetime) -> None:
    """Everybody who reported it, and the shop if it was told of it before or something was found."""
    matter = Matter.objects.with_parts().get(pk=event.matter_id)
    ruling = deciding.ruling_of(matter)
    said: dict[str, Value] = {"outcome": event.outcome, "reason": ruling.reasons if ruling else ""}
    for held in matter.reports.select_related("matter").order_by("made_at", "id").iterator():
        _to_reporter(held, "oversight.report_closed", said, at=at)
    told = matter.asked_at is not None or event.outcome in PUBLISHED
    if matter.merchant is not None and told:
        _to_shop(matter, "oversight.shop_told", at=at, **said)


def _to_reporter(held: Report, kind: str, said: dict[str, Value], *, at: datetime) -> None:
    """Whoever was erased meanwhile is written to no more."""
    if not subjects.lives(held.subject_id):
        return
    params = {"number": held.matter.number, "path": reverse("oversight:track"), **said}
    send(subject_id=held.subject_id, kind=kind, reference=held.matter_id, params=params, at=at)


def _to_shop(matter: Matter, kind: str, *, at: datetime, **said: Value) -> None:
    assert matter.merchant is not None
    path = reverse("oversight:shop-matter", args=[matter.merchant.slug, matter.number])
    telling.owners(matter.merchant, kind, reference=matter.pk, at=at, number=matter.number, path=path, **said)
