"""Which fact about a shop starts which clock; lengths come from law packs, the silence table and policies."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from deadlines import booking
from deadlines.models import Deadline
from law.counting import midnight_after
from law.windows import Window
from rulebook import current, policies, promises

if TYPE_CHECKING:
    from merchants.models import Appeal, Document, Merchant

APPEAL = "merchants.appeal"
APPLICATION_DRAFT = "merchants.application_draft"
APPLICATION_REVIEW = "merchants.application"
DOCUMENT_REVIEW = "merchants.document_review"
DOCUMENT_WARNING = "merchants.document_warning"
DOCUMENT_EXPIRY = "merchants.document_expiry"

STAFF_REVIEW = "silence.staff_review"
DRAFT = "application.draft"
VALIDITY = "documents.validity"


def appeal_ends(decided_at: datetime) -> Window:
    """Until when a decision can be contested."""
    return promises.due("silence.appeal_merchant", start=decided_at, at=decided_at)


def appeal_clock(appeal: Appeal) -> Deadline | None:
    """The running clock of the ruling."""
    return booking.find(kind=APPEAL, reference=appeal.pk)


def start_appeal(appeal: Appeal, *, place: str, at: datetime) -> datetime:
    """The platform's time to rule; gives the first instant that is too late."""
    window = promises.due("silence.staff_review", start=at, at=at, place=place)
    booking.book(kind=APPEAL, reference=appeal.pk, at=at, **window.as_booking())
    return window.due_at


def start_document_review(document: Document, *, at: datetime) -> Deadline:
    """The platform's two working days; silence leads to a senior."""
    window = promises.due(STAFF_REVIEW, start=at, at=at)
    return booking.book(kind=DOCUMENT_REVIEW, reference=document.pk, at=at, **window.as_booking())


def end_document_review(document: Document, *, at: datetime) -> None:
    booking.meet(kind=DOCUMENT_REVIEW, reference=document.pk, at=at)


def start_validity(document: Document, *, at: datetime) -> None:
    """A checked document with an end: a first warning long before, letters, then the end itself."""
    if document.valid_until is None:
        return
    ends_at = end_of(document.valid_until, place=document.merchant.place, at=at)
    warned_at = ends_at - timedelta(days=policies.value(VALIDITY, at)["first_warning_days"])
    if warned_at > at:
        _book_validity(DOCUMENT_WARNING, document, warned_at, at)
    _book_validity(DOCUMENT_EXPIRY, document, ends_at, at)


def _book_validity(kind: str, document: Document, due_at: datetime, at: datetime) -> None:
    row = policies.row(VALIDITY, at)
    booking.book(
        kind=kind,
        reference=document.pk,
        due_at=due_at,
        rule_id=row.rule_id,
        pack_version=row.pack_version,
        owner="merchant",
        inputs={"valid_until": str(document.valid_until)},
        at=at,
    )


def end_validity(document: Document, *, at: datetime) -> None:
    """The document is gone before its end: nothing is warned about any more."""
    for kind in (DOCUMENT_WARNING, DOCUMENT_EXPIRY):
        booking.cancel(kind=kind, reference=document.pk, at=at)


def end_of(day: date, *, place: str, at: datetime) -> datetime:
    """The first instant (UTC) at which something valid until that local day no longer is."""
    return midnight_after(day, zone_of(place, at))


def zone_of(place: str, at: datetime) -> str:
    """The zone of a shop's place; the home market's where we hold no law of it."""
    try:
        return current.pack(place, at).zone
    except (current.PlaceUnknown, current.PackNotInForce):
        return current.pack(current.HOME, at).zone


def start_application_draft(merchant: Merchant, *, at: datetime) -> Deadline:
    """So long an application may lie before it is closed by itself."""
    booking.cancel(kind=APPLICATION_DRAFT, reference=merchant.pk, at=at)
    window = promises.due(DRAFT, start=at, at=at)
    return booking.book(kind=APPLICATION_DRAFT, reference=merchant.pk, at=at, **window.as_booking())


def start_application_review(merchant: Merchant, *, at: datetime) -> Deadline:
    """The platform's two working days; silence leads to a senior."""
    booking.meet(kind=APPLICATION_DRAFT, reference=merchant.pk, at=at)
    window = promises.due(STAFF_REVIEW, start=at, at=at)
    return booking.book(kind=APPLICATION_REVIEW, reference=merchant.pk, at=at, **window.as_booking())


def end_application_review(merchant: Merchant, *, at: datetime) -> None:
    booking.meet(kind=APPLICATION_REVIEW, reference=merchant.pk, at=at)


def end_application(merchant: Merchant, *, at: datetime) -> None:
    """Decided or given up: whatever still ran was met."""
    for kind in (APPLICATION_DRAFT, APPLICATION_REVIEW):
        booking.meet(kind=kind, reference=merchant.pk, at=at)
