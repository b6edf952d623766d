"""Writing down what happened, once, and noting that the shop's score has to be reckoned again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from credit import standards
from credit.models import Entry, Waiting
from kernel.errors import N_, DomainError


class KindUnknown(DomainError):
    code = "credit_kind_unknown"
    message = N_("The published standard has no fact called “%(kind)s”.")
    status = 422


class MeasureMissing(DomainError):
    code = "credit_measure_missing"
    message = N_("A fact of this kind needs a measure from 0 to 1000.")
    status = 422


@dataclass(frozen=True, slots=True)
class Cases:
    """The rows that a fact's page links to."""

    order_id: UUID | None = None
    complaint_id: UUID | None = None
    review_id: UUID | None = None


@transaction.atomic
def record(
    *,
    merchant_id: UUID,
    kind: str,
    reference: UUID,
    happened_at: datetime,
    at: datetime,
    cases: Cases | None = None,
    measure: int | None = None,
) -> Entry | None:
    """Enter a fact as the standard of its day judges it; the same fact again changes nothing (None).

    `happened_at` counts, `at` is when it is written down. `measure` (0 to 1000) where the kind asks for one.

    :raises KindUnknown, MeasureMissing:
    """
    happened_at = min(happened_at, at)
    standard = standards.in_force(happened_at)
    if kind not in standard.kinds:
        raise KindUnknown(kind=kind)
    judged = standard.kinds[kind]
    permille = measure if judged.permille is None else judged.permille
    if permille is None or not 0 <= permille <= 1000:
        raise MeasureMissing()
    if Entry.objects.filter(kind=kind, reference=reference).exists():
        return None
    cases = cases or Cases()
    entry = Entry(
        merchant_id=merchant_id, kind=kind, reference=reference, order_id=cases.order_id,
        complaint_id=cases.complaint_id, review_id=cases.review_id, component=judged.component,
        permille=permille, weight=judged.weight, standard=standard.version, at=happened_at, recorded_at=at,
    )  # fmt: skip
    # Two relays may come here at once; the second row is dropped by the database.
    Entry.objects.bulk_create([entry], ignore_conflicts=True)
    _note(merchant_id, at)
    return entry


def _note(merchant_id: UUID, at: datetime) -> None:
    """An update, not only an insert: whoever is reckoning now waits for this entry, or leaves the note."""
    Waiting.objects.bulk_create(
        [Waiting(merchant_id=merchant_id, since=at)],
        update_conflicts=True,
        unique_fields=["merchant"],
        update_fields=["since"],
    )
