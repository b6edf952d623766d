"""Letters about data requests, from where addresses are known; texts in templates/letters/privacy."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from accounts.staff import Role, subjects_in
from notifications import addressees
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from privacy import complaining, deadlines
from privacy.events import (
    CopyReady,
    ErasureBegins,
    ErasureBlocked,
    RequestAnswered,
    RequestExtended,
    RequestOverdue,
    RequestReceived,
    RequestRefused,
    RequestWithdrawn,
)
from privacy.models import Request
from privacy.states import ERASING
from privacy.subjects import lives

_DAY = datetime(2026, 12, 11, 16, 0, tzinfo=UTC)
_REQUEST: dict[str, Value] = {"number": "P7M3Q9XK2PB", "path": "/privacy/requests/P7M3Q9XK2PB/"}
_DATED: dict[str, Value] = {**_REQUEST, "until": _DAY}
_ENDED: dict[str, Value] = {**_REQUEST, "authority": "国家网信办", "authority_url": "https://www.cac.gov.cn/"}
_ERASING: dict[str, Value] = {**_DATED, "certificate": "/privacy/certificates/8f2Kq/"}

KINDS = (
    LetterKind("privacy.request_received", sample=_DATED),
    LetterKind("privacy.request_extended", sample=_DATED),
    LetterKind("privacy.request_answered", sample=_ENDED),
    LetterKind("privacy.request_refused", sample=_ENDED),
    LetterKind("privacy.request_withdrawn", sample=_REQUEST),
    LetterKind("privacy.copy_ready", sample=_DATED),
    LetterKind("privacy.erasure_begins", sample=_ERASING),
    LetterKind("privacy.erasure_blocked", sample=_DATED),
    LetterKind("privacy.request_overdue", sample=_DATED),
)


def page_of(request: Request) -> str:
    """Where the person reads about it; who asked for erasure keeps the certificate's link."""
    if request.kind in ERASING and request.token:
        return certificate_page(request)
    return f"/privacy/requests/{request.number}/"


def certificate_page(request: Request) -> str:
    return f"/privacy/certificates/{request.token}/"


def on_request_received(event: RequestReceived, *, at: datetime) -> None:
    """An erasure has a letter of its own when it begins."""
    request = _found(event.request_id)
    due = deadlines.due_at(request)
    if due is not None and event.kind not in ERASING:
        _write(request, "request_received", {"until": due}, at)


def on_request_extended(event: RequestExtended, *, at: datetime) -> None:
    _write(_found(event.request_id), "request_extended", {"until": event.due_at}, at)


def on_request_answered(event: RequestAnswered, *, at: datetime) -> None:
    request = _found(event.request_id)
    _write(request, "request_answered", _authority(request, at), at)


def on_request_refused(event: RequestRefused, *, at: datetime) -> None:
    request = _found(event.request_id)
    _write(request, "request_refused", _authority(request, at), at)


def on_request_withdrawn(event: RequestWithdrawn, *, at: datetime) -> None:
    _write(_found(event.request_id), "request_withdrawn", {}, at)


def on_copy_ready(event: CopyReady, *, at: datetime) -> None:
    _write(_found(event.request_id), "copy_ready", {"until": event.expires_at}, at)


def on_erasure_begins(event: ErasureBegins, *, at: datetime) -> None:
    """The letter that outlives the account: it carries the certificate's link."""
    request = _found(event.request_id)
    extra: dict[str, Value] = {"until": event.erase_after, "certificate": certificate_page(request)}
    _write(request, "erasure_begins", extra, at)


def on_erasure_blocked(event: ErasureBlocked, *, at: datetime) -> None:
    _write(_found(event.request_id), "erasure_blocked", {"until": event.again_at}, at)


def on_request_overdue(event: RequestOverdue, *, at: datetime) -> None:
    """To the seniors: our own time, or the law's, is over."""
    request = _found(event.request_id)
    params: dict[str, Value] = {"number": request.number, "until": event.due_at, "path": _staff_page(request)}
    for subject_id in subjects_in(Role.PRIVACY_OFFICER):
        send(
            subject_id=subject_id, kind="privacy.request_overdue", reference=request.pk, params=params, at=at
        )


def officers_of_request(reference: UUID) -> Reminder:
    """Who gets the letters before the answer is due: the person need not act."""
    request = _found(reference)
    return Reminder(
        request.number, [Reader(each, _staff_page(request)) for each in subjects_in(Role.PRIVACY_OFFICER)]
    )


def person_of_erasure(reference: UUID) -> Reminder:
    """The last letter: when the keys are gone none can be written any more."""
    request = _found(reference)
    return Reminder(request.number, [Reader(request.subject_id, certificate_page(request))])


def _authority(request: Request, at: datetime) -> dict[str, Value]:
    """Where the person complains, in the language of their letters; empty where no law pack knows."""
    locale = addressees.locale_of(request.subject_id)
    found = complaining.where(request.place, locale=locale, at=at)
    return {"authority": found.name if found else "", "authority_url": found.url if found else ""}


def _staff_page(request: Request) -> str:
    return f"/admin/privacy/request/{request.pk}/change/"


def _found(request_id: UUID) -> Request:
    return Request.objects.get(pk=request_id)


def _write(request: Request, kind: str, extra: dict[str, Value], at: datetime) -> None:
    """Nothing for the erased: their address went with the keys."""
    if not lives(request.subject_id):
        return
    params = {"number": request.number, "path": page_of(request), **extra}
    send(subject_id=request.subject_id, kind=f"privacy.{kind}", reference=request.pk, params=params, at=at)
