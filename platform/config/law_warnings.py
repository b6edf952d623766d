"""Telling officers what the law desk shows before a shopper notices: once a month for each missing year."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse

from accounts.staff import Role, subjects_in
from notifications.kinds import LetterKind, Value
from notifications.sending import has_written, send
from rulebook import warnings
from rulebook.events import CalendarLoaded, PackLoaded

YEAR_MISSING = "rulebook.year_missing"
RULES_UNSURE = "rulebook.rules_unsure"
AGAIN_AFTER = timedelta(weeks=4)
KINDS = (
    LetterKind(YEAR_MISSING, sample={"place": "CN", "year": 2027, "running": 12, "path": "/admin/"}),
    LetterKind(RULES_UNSURE, sample={"version": "cn-2027.1", "number": 12, "path": "/admin/"}),
)


def warn_of_years(*, at: datetime) -> int:
    """Write to every officer about each year without a calendar; gives the number of letters."""
    path, officers, written = reverse("admin:rulebook_desk"), subjects_in(Role.LAW_EDITOR), 0
    for missing in warnings.missing_years(at):
        reference = uuid5(NAMESPACE_URL, f"calendar:{missing.place}:{missing.year}")
        params: dict[str, Value] = {
            "place": missing.place,
            "year": missing.year,
            "running": missing.running,
            "path": path,
        }
        for officer in officers:
            if has_written(subject_id=officer, reference=reference, since=at - AGAIN_AFTER):
                continue
            send(subject_id=officer, kind=YEAR_MISSING, reference=reference, params=params, at=at)
            written += 1
    return written


def on_calendar_loaded(event: CalendarLoaded, *, at: datetime) -> None:
    warn_of_years(at=at)


def on_pack_loaded(event: PackLoaded, *, at: datetime) -> None:
    """A law with rules that no lawyer has checked is in use from now on: say so to every officer."""
    if not event.unsure:
        return
    params: dict[str, Value] = {
        "version": event.version,
        "number": event.unsure,
        "path": reverse("admin:rulebook_desk"),
    }
    reference = uuid5(NAMESPACE_URL, f"pack:{event.version}")
    for officer in subjects_in(Role.LAW_EDITOR):
        send(subject_id=officer, kind=RULES_UNSURE, reference=reference, params=params, at=at)
