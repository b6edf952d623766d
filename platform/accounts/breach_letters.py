"""Letters about incidents with people's data and assessments; texts in templates/letters/privacy."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from accounts.staff import subjects_in
from accounts.staff_roles import Role
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from privacy import breaches
from privacy.events import AssessmentEnding, BreachOpened, BreachOverdue, PersonConcerned
from privacy.models import Breach

OFFICER_PAGE = "/admin/privacy/breach/"
ASSESSMENT_PAGE = "/admin/privacy/assessment/"
PERSON_PAGE = "/privacy/"
OFFICERS = (Role.SECURITY_OFFICER, Role.PRIVACY_OFFICER)
_DAY = datetime(2026, 12, 11, 16, 0, tzinfo=UTC)
_PERSON: dict[str, Value] = {"number": "B7M3Q9XK2PB", "noticed": _DAY, "words": "…", "path": PERSON_PAGE}

KINDS = (
    LetterKind("privacy.breach_person", sample=_PERSON),
    LetterKind("privacy.breach_guardian", sample=_PERSON),
    LetterKind("privacy.assessment_ending", sample={"until": _DAY, "path": ASSESSMENT_PAGE}),
    LetterKind("privacy.breach_opened", sample={"number": "B7M3Q9XK2PB", "path": OFFICER_PAGE}),
    LetterKind(
        "privacy.breach_overdue",
        sample={"number": "B7M3Q9XK2PB", "place": "DE", "until": _DAY, "path": OFFICER_PAGE},
    ),
)


def on_breach_opened(event: BreachOpened, *, at: datetime) -> None:
    _officers(_found(event.breach_id), "breach_opened", {}, at)


def on_breach_overdue(event: BreachOverdue, *, at: datetime) -> None:
    extra: dict[str, Value] = {"place": event.place, "until": event.due_at}
    _officers(_found(event.breach_id), "breach_overdue", extra, at)


def on_person_concerned(event: PersonConcerned, *, at: datetime) -> None:
    """To the person in their language, and to a minor's guardians in theirs."""
    breach = _found(event.breach_id)
    for reader in breaches.readers_of(event.subject_id) if not breach.drill else ():
        params: dict[str, Value] = {
            "number": breach.number,
            "noticed": breach.noticed_at,
            "words": breach.words[reader.locale],
            "path": PERSON_PAGE,
        }
        kind = "privacy.breach_guardian" if reader.guardian else "privacy.breach_person"
        send(subject_id=reader.subject_id, kind=kind, reference=breach.pk, params=params, at=at)


def on_assessment_ending(event: AssessmentEnding, *, at: datetime) -> None:
    params: dict[str, Value] = {"until": event.expires_at, "path": ASSESSMENT_PAGE}
    for officer in subjects_in(Role.PRIVACY_OFFICER):
        kind = "privacy.assessment_ending"
        send(subject_id=officer, kind=kind, reference=event.assessment_id, params=params, at=at)


def _officers(breach: Breach, kind: str, extra: dict[str, Value], at: datetime) -> None:
    params: dict[str, Value] = {
        "number": breach.number,
        "path": f"{OFFICER_PAGE}{breach.pk}/change/",
        **extra,
    }
    for officer in {each for role in OFFICERS for each in subjects_in(role)}:
        send(subject_id=officer, kind=f"privacy.{kind}", reference=breach.pk, params=params, at=at)


def _found(breach_id: UUID) -> Breach:
    return Breach.objects.get(pk=breach_id)
