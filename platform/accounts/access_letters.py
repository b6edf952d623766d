"""Letters about unusual looks, from where officers are known; texts in templates/letters/privacy."""

from __future__ import annotations

from datetime import datetime

from accounts.staff import subjects_in
from accounts.staff_roles import Role
from notifications.kinds import LetterKind
from notifications.sending import send
from privacy import access_watch
from privacy.events import UnusualAccess
from privacy.subjects import lives

WATCHES = Role.SECURITY_OFFICER
OFFICER_PAGE = "/admin/privacy/accessalarm/"
PERSON_PAGE = "/privacy/looked/"

KINDS = (
    LetterKind("privacy.unusual_access", sample={"people": 31, "path": OFFICER_PAGE}),
    LetterKind("privacy.your_data_was_seen", sample={"path": PERSON_PAGE}),
)


def on_unusual_access(event: UnusualAccess, *, at: datetime) -> None:
    """To every security officer but the reader, and to the people concerned where the policy says so."""
    alarm = access_watch.alarm(event.alarm_id)
    reader = access_watch.staff_behind(alarm.pk)
    for officer in subjects_in(WATCHES):
        if officer != reader:
            send(
                subject_id=officer,
                kind="privacy.unusual_access",
                reference=alarm.pk,
                params={"people": alarm.people, "path": f"{OFFICER_PAGE}{alarm.pk}/change/"},
                at=at,
            )
    for person in access_watch.people_concerned(alarm.pk):
        if lives(person):
            send(
                subject_id=person,
                kind="privacy.your_data_was_seen",
                reference=alarm.pk,
                params={"path": PERSON_PAGE},
                at=at,
            )
