"""Reports of illegal offers by anybody: taken in, read by a person in time, answered with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from catalog import offers
from catalog.events import ReportOverdue
from catalog.finding_states import REPORT_OUTCOMES, REPORT_REASONS
from catalog.models import Listing, ListingReport
from catalog.taking_down import take_down
from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import public_number
from merchants import parties
from notifications.kinds import Value
from notifications.sending import send
from outbox import bus
from privacy import files, subjects
from rulebook import policies, promises

CLOCK, POLICY, LETTER = "catalog.report", "catalog.report", "catalog.report_decided"
WORDS_LENGTH, LAW_LENGTH, CONTACT_LENGTH, SHORTEST = 2000, 200, 200, 10


class WordsTooShort(Invalid):
    code = "report_words_too_short"
    message = N_("Tell in a sentence or two what is wrong, so that somebody can check it.")


class ReportedAlready(DomainError):
    code = "reported_already"
    message = N_("You reported this already. The number is %(number)s; we are reading it.")


class TooManyReports(DomainError):
    code = "reports_too_many"
    message = N_("You have %(most)s reports open. Wait for the answers, or turn to 12315.")


class ReasonMissing(Invalid):
    code = "report_reason_missing"
    message = N_("Write the reason and, for taking it down, the rule: reporter and shop read them.")


class GoneAlready(DomainError):
    code = "report_gone_already"
    message = N_("It isn't on sale any more. Answer that it was off sale already.")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody reports; `contact` and `file` may stay out."""

    cause: str
    words: str
    law: str = ""
    contact: str = ""
    file: UploadedFile[bytes] | None = None


@transaction.atomic
def report(*, listing_id: UUID, told: Told, actor: Actor, at: datetime) -> ListingReport:
    """Take a report in and start the platform's clock. Nothing happens to the offer by it alone.

    :raises NotFound: never on sale, or nobody reports :raises WordsTooShort: :raises ReportedAlready:
    :raises TooManyReports: and what files.receive refuses
    """
    if actor.subject_id is None or told.cause not in REPORT_REASONS:
        raise NotFound
    listing = Listing.objects.get_or_not_found(pk=listing_id, live_revision__isnull=False)
    if len(told.words.strip()) < SHORTEST:
        raise WordsTooShort(field="words")
    _refuse_repeats(listing.pk, actor.subject_id, at)
    stored = None
    if told.file is not None:
        stored = files.receive(
            subject_id=actor.subject_id, upload=told.file, purpose=CLOCK, actor=actor, at=at
        )
    made = ListingReport(
        number=public_number("J"),
        subject_id=actor.subject_id,
        listing=listing,
        revision=listing.live_revision,
        cause=told.cause,
        law=told.law.strip()[:LAW_LENGTH],
        file=stored,
        made_at=at,
    )
    made.words = told.words.strip()[:WORDS_LENGTH]
    made.contact = told.contact.strip()[:CONTACT_LENGTH] or None
    made.save(force_insert=True)
    window = promises.due(POLICY, start=at, at=at)
    booking.book(kind=CLOCK, reference=made.pk, at=at, **window.as_booking())
    return made


def _refuse_repeats(listing_id: UUID, subject_id: UUID, at: datetime) -> None:
    subjects.locked(subject_id)
    mine = ListingReport.objects.filter(subject_id=subject_id, state="received")
    there = mine.filter(listing_id=listing_id).first()
    if there is not None:
        raise ReportedAlready(number=there.number)
    most = policies.number("catalog.reports_open", at)
    if mine.count() >= most:
        raise TooManyReports(most=most)


@transaction.atomic
def decide(
    *, report_id: UUID, outcome: str, reason: str, rule_id: str, actor: Actor, at: datetime
) -> ListingReport:
    """Answer it with reasons; taking down goes with a statement of reasons to the shop, which may appeal.

    :raises ReasonMissing: :raises GoneAlready: :raises NotFound: none, or answered :raises PartyMayNotAct:
    """
    rows = ListingReport.objects.select_for_update(of=("self",), no_key=True).select_related("listing")
    held = rows.filter(pk=report_id, state="received").first()
    if held is None or outcome not in REPORT_OUTCOMES:
        raise NotFound
    if not reason.strip() or (outcome == "taken_down" and not rule_id.strip()):
        raise ReasonMissing
    parties.refuse_party(merchant_id=held.listing.merchant_id, actor=actor)
    if outcome == "taken_down":
        if not held.listing.is_live:
            raise GoneAlready
        take_down(
            listing_id=held.listing_id, reason=reason.strip(), rule_id=rule_id.strip(), actor=actor, at=at
        )
    held.state, held.reason, held.rule_id = outcome, reason.strip(), rule_id.strip()
    held.decided_at, held.decided_by = at, str(actor)
    held.save(update_fields=["state", "reason", "rule_id", "decided_at", "decided_by"])
    booking.meet(kind=CLOCK, reference=held.pk, at=at)
    path = reverse("catalog:report-status", args=[held.number])
    goods = offers.title(held.revision.content, "zh-hans")
    params: dict[str, Value] = {"number": held.number, "goods": goods, "reason": held.reason, "path": path}
    send(subject_id=held.subject_id, kind=LETTER, reference=held.pk, params=params, at=at)
    return held


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody answered in time: from now on a senior answers it, and the public figures count it."""
    rows = ListingReport.objects.select_for_update(no_key=True).filter(pk=reference, state="received")
    held = rows.filter(overdue_at=None).first()
    if held is not None:
        held.overdue_at = due_at
        held.save(update_fields=["overdue_at"])
        bus.publish(ReportOverdue(held.pk, held.listing_id), at=at)
