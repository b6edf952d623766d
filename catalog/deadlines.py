"""Which fact of an offer starts which clock; lengths are the platform's own promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from deadlines import booking
from law.counting import Length, Unit
from law.windows import Window
from merchants.deadlines import end_of
from rulebook import policies, promises

if TYPE_CHECKING:
    from catalog.models import Certificate

GRACE = "catalog.schema_grace"
PAPERS = "catalog.paper_grace"
CERTIFICATE_WARNING = "catalog.certificate_warning"
CERTIFICATE_EXPIRY = "catalog.certificate_expiry"
VALIDITY = "documents.validity"


def grace(*, days: int, at: datetime) -> Window:
    """How long what is on sale may stay after its category asks for more."""
    return promises.due("catalog.schema_grace", start=at, at=at, length=Length(days, Unit.DAYS))


def start_grace(notice_id: UUID, window: Window, *, at: datetime) -> None:
    booking.book(kind=GRACE, reference=notice_id, at=at, **window.as_booking())


def end_grace(notice_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=GRACE, reference=notice_id, at=at)


def paper_grace(*, at: datetime) -> Window:
    """How long goods may stay whose shop lacks a document that their category demands."""
    return promises.due(PAPERS, start=at, at=at)


def start_papers(notice_id: UUID, window: Window, *, at: datetime) -> None:
    booking.book(kind=PAPERS, reference=notice_id, at=at, **window.as_booking())


def end_papers(notice_id: UUID, *, at: datetime) -> None:
    """Met, or over already."""
    booking.meet(kind=PAPERS, reference=notice_id, at=at)


def start_certificate(held: Certificate, *, at: datetime) -> None:
    """A first warning long before the end, letters, then the end itself; like a shop's documents."""
    if held.valid_until is None:
        return
    row, ends_at = policies.row(VALIDITY, at), end_of(held.valid_until, place=held.merchant.place, at=at)
    warned_at = ends_at - timedelta(days=row.value["first_warning_days"])
    for kind, due_at in ((CERTIFICATE_WARNING, warned_at), (CERTIFICATE_EXPIRY, ends_at)):
        if due_at > at:
            booking.book(
                kind=kind,
                reference=held.pk,
                due_at=due_at,
                rule_id=row.rule_id,
                pack_version=row.pack_version,
                owner="merchant",
                inputs={"valid_until": str(held.valid_until)},
                at=at,
            )


def end_certificate(certificate_id: UUID, *, at: datetime) -> None:
    """It no longer counts: nothing is warned about any more."""
    for kind in (CERTIFICATE_WARNING, CERTIFICATE_EXPIRY):
        booking.cancel(kind=kind, reference=certificate_id, at=at)
