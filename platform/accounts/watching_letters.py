"""Letters to guardians who are asked, and to officers before a yearly figure for data abroad is reached."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse

from accounts.staff import Role, subjects_in
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from privacy.events import ExportNearThreshold, SpendingAsked

GUARDIAN_ASKED = "privacy.guardian_asked"
EXPORT_NEAR = "privacy.export_near"
KINDS = (
    LetterKind(GUARDIAN_ASKED, sample={"path": "/privacy/minors/"}),
    LetterKind(EXPORT_NEAR, sample={"year": 2026, "people": 50000, "figure": 100000, "path": "/admin/"}),
)


def on_spending_asked(event: SpendingAsked, *, at: datetime) -> None:
    params: dict[str, Value] = {"path": reverse("privacy:minors")}
    subject_id = event.guardian_subject_id
    send(subject_id=subject_id, kind=GUARDIAN_ASKED, reference=event.spending_id, params=params, at=at)


def on_export_near(event: ExportNearThreshold, *, at: datetime) -> None:
    params: dict[str, Value] = {
        "year": event.year,
        "people": event.people,
        "figure": event.figure,
        "path": reverse("admin:privacy_exports"),
    }
    reference = uuid5(NAMESPACE_URL, f"export:{event.year}:{event.threshold}:{event.permille}")
    for officer in subjects_in(Role.PRIVACY_OFFICER):
        send(subject_id=officer, kind=EXPORT_NEAR, reference=reference, params=params, at=at)
