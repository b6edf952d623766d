"""Letters to guardians who are asked, and to officers before a yearly figure for data abroad is reached."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse

from accounts.staff import Role, subjects_in
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from privacy.events import (
    ExportNearThreshold,
    GuardianProofDecided,
    GuardianProofOverdue,
    SpendingAsked,
)

GUARDIAN_ASKED = "privacy.guardian_asked"
PROOF_ACCEPTED, PROOF_REFUSED = "privacy.proof_accepted", "privacy.proof_refused"
EXPORT_NEAR = "privacy.export_near"
PROOF_OVERDUE = "privacy.proof_overdue"
KINDS = (
    LetterKind(GUARDIAN_ASKED, sample={"path": "/privacy/minors/"}),
    LetterKind(PROOF_ACCEPTED, sample={"path": "/privacy/minors/"}),
    LetterKind(PROOF_REFUSED, sample={"path": "/privacy/minors/"}),
    LetterKind(PROOF_OVERDUE, sample={"path": "/admin/privacy/guardianlink/01890f2e/change/"}),
    LetterKind(EXPORT_NEAR, sample={"year": 2026, "people": 50000, "figure": 100000, "path": "/admin/"}),
)


def on_spending_asked(event: SpendingAsked, *, at: datetime) -> None:
    params: dict[str, Value] = {"path": reverse("privacy:minors")}
    subject_id = event.guardian_subject_id
    send(subject_id=subject_id, kind=GUARDIAN_ASKED, reference=event.spending_id, params=params, at=at)


def on_proof_decided(event: GuardianProofDecided, *, at: datetime) -> None:
    """To the guardian; the reasons of a refusal stand on the page only."""
    params: dict[str, Value] = {"path": reverse("privacy:proof", args=[event.link_id])}
    kind = PROOF_ACCEPTED if event.accepted else PROOF_REFUSED
    reference = uuid5(NAMESPACE_URL, f"proof:{event.link_id}:{at.isoformat()}")
    send(subject_id=event.guardian_subject_id, kind=kind, reference=reference, params=params, at=at)


def on_proof_overdue(event: GuardianProofOverdue, *, at: datetime) -> None:
    """To the seniors, who compare it from now on; says nothing about the family."""
    params: dict[str, Value] = {"path": reverse("admin:privacy_guardianlink_change", args=[event.link_id])}
    for senior in subjects_in(Role.SENIOR):
        send(subject_id=senior, kind=PROOF_OVERDUE, reference=event.link_id, params=params, at=at)


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
