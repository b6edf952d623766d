"""Letters about listings to those who keep them in the shop; texts in templates/letters/catalog/."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from catalog.events import (
    ListingSuspended,
    ReportOverdue,
    ReviewOverdue,
    SubmissionDecided,
    SuspensionLifted,
)
from catalog.models import Listing, ListingReport, Submission
from catalog.submission_lifecycle import SubmissionState
from merchants import telling
from merchants.capabilities import Capability
from merchants.models import Membership
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send

_SAMPLE: dict[str, Value] = {"title": "月白釉手作横手急须", "path": "/merchant/shan-zhi/listings/"}

_OF_LISTINGS = ("passed", "turned_down", "stands", "review_overdue", "suspended", "restored")
KINDS = (
    *(LetterKind(f"catalog.{name}", sample=_SAMPLE) for name in _OF_LISTINGS),
    LetterKind(
        "catalog.report_overdue",
        sample={"number": "J7KQ2M9XTA4", "path": "/admin/catalog/listingreport/01890f2e/change/"},
    ),
)
_BY_OUTCOME = {
    SubmissionState.PUBLISHED: "passed",
    SubmissionState.REFUSED: "turned_down",
    SubmissionState.CHANGE_ASKED: "turned_down",
    SubmissionState.STANDS: "stands",
}


def on_submission_decided(event: SubmissionDecided, *, at: datetime) -> None:
    kind = _BY_OUTCOME[SubmissionState(event.outcome)]
    _tell(event.listing_id, kind, at=at, reference=event.submission_id)


def on_review_overdue(event: ReviewOverdue, *, at: datetime) -> None:
    _tell(event.listing_id, "review_overdue", at=at, reference=event.submission_id)


def on_report_overdue(event: ReportOverdue, *, at: datetime) -> None:
    """To the seniors, who answer it from now on."""
    held = ListingReport.objects.get(pk=event.report_id)
    path = reverse("admin:catalog_listingreport_change", args=[held.pk])
    telling.desk(
        Role.SENIOR, "catalog.report_overdue", reference=held.pk, at=at, number=held.number, path=path
    )


def on_listing_suspended(event: ListingSuspended, *, at: datetime) -> None:
    _tell(event.listing_id, "suspended", at=at)


def on_suspension_lifted(event: SuspensionLifted, *, at: datetime) -> None:
    _tell(event.listing_id, "restored", at=at)


def reviewers_of_submission(reference: UUID) -> Reminder:
    """The catalogue desk reads; whoever is free takes it."""
    submission = Submission.objects.select_related("listing").get(pk=reference)
    path = reverse("admin:catalog_submission_change", args=[submission.pk])
    return Reminder(submission.listing.code, [Reader(one, path) for one in subjects_in(Role.CATALOGUE_DESK)])


def _tell(listing_id: UUID, kind: str, *, at: datetime, reference: UUID | None = None) -> None:
    listing = Listing.objects.select_related("merchant").get(pk=listing_id)
    if reference is None:
        path = reverse("catalog:listing", args=[listing.merchant.slug, listing.pk])
    else:
        path = reverse("catalog:submission", args=[listing.merchant.slug, listing.pk, reference])
    params: dict[str, Value] = {"title": listing.working_title or listing.code, "path": path}
    concerned = Membership.objects.filter(
        merchant=listing.merchant,
        ended_at__isnull=True,
        capabilities__overlap=[str(Capability.OWNER), str(Capability.LISTINGS)],
    )
    for subject_id in concerned.order_by("id").values_list("subject_id", flat=True):
        send(
            subject_id=subject_id,
            kind=f"catalog.{kind}",
            reference=reference or listing.pk,
            params=params,
            at=at,
        )
