"""Anybody reports a violation: taken in, joined with others about the same thing, given a code to follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import public_number
from notifications import addressees
from outbox import bus
from oversight import codes, deadlines
from oversight.events import MatterOpened, ReportReceived
from oversight.lifecycle import begin
from oversight.models import Matter, Report
from oversight.places import Place
from oversight.states import Kind
from privacy import files, subjects
from rulebook import policies

PURPOSE = "oversight.report"
WORDS_LENGTH, CONTACT_LENGTH, ABOUT_LENGTH, SHORTEST, MOST_FILES = 4000, 200, 40, 10, 5


class WordsTooShort(Invalid):
    code = "report_words_too_short"
    message = N_("Tell in a sentence or two what is wrong, so that somebody can check it.")


class WordsTooLong(Invalid):
    code = "report_words_too_long"
    message = N_("That is %(length)s characters; there is room for %(limit)s. Shorten it, or add a file.")


class TooManyFiles(Invalid):
    code = "report_too_many_files"
    message = N_("At most %(limit)s files go with a report. Leave out those that show the same.")


class ReportedAlready(DomainError):
    code = "reported_already"
    message = N_(
        "You reported this already. We are looking into it; follow it with the code that you got then."
    )


class EnoughReports(DomainError):
    code = "reports_enough"
    status = 429
    message = N_(
        "This was reported before and a person looks into it: matter %(number)s. More reports from your"
        " network don't make it faster, so this one was not kept. You can turn to 12315 at any time."
    )


class TooManyReports(DomainError):
    code = "reports_too_many"
    status = 429
    message = N_("You have %(most)s reports open. Wait for the answers, or turn to 12315.")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody reports; `about` is the number of an order or case, `contact` how to reach them."""

    kind: str
    place: Place
    words: str
    named: bool = False
    about: str = ""
    contact: str = ""
    email: str = ""
    uploads: Sequence[UploadedFile[bytes]] = ()


@transaction.atomic
def report(
    *, told: Told, code: str, actor: Actor, at: datetime, language: str = "zh-hans", crowded: bool = False
) -> Report:
    """Take a report in; it joins what others told of the same thing, or opens a matter with our clock.

    Anonymous ones belong to a subject made for them alone. `crowded`: the network has sent many; then only
    what nobody has told yet is taken.
    :raises WordsTooShort, WordsTooLong, TooManyFiles, ReportedAlready, EnoughReports, TooManyReports:
    :raises NotFound: an unknown kind; and what files.receive refuses
    """
    words = _clean(told)
    matter, fresh = _matter(told, at=at)
    if crowded and not fresh:
        raise EnoughReports(number=matter.number)
    subject_id = _teller(told, actor, language=language, at=at)
    if told.named:
        _refuse_repeats(matter, subject_id, fresh=fresh, at=at)
    made = Report(
        matter=matter, subject_id=subject_id, named=told.named, digest=codes.digest(code), made_at=at
    )
    made.words = words
    made.about = told.about.strip()[:ABOUT_LENGTH] or None
    made.contact = told.contact.strip()[:CONTACT_LENGTH] or None
    made.save(force_insert=True)
    for upload in told.uploads:
        stored = files.receive(
            subject_id=subject_id, upload=upload, purpose=PURPOSE, actor=Actor.buyer(subject_id), at=at
        )
        made.files.create(file=stored, at=at)
    bus.publish(ReportReceived(matter.pk, made.pk), at=at)
    return made


def _clean(told: Told) -> str:
    if told.kind not in list(Kind):
        raise NotFound
    words = told.words.replace("\x00", "").strip()
    if len(words) < SHORTEST:
        raise WordsTooShort(field="words")
    if len(words) > WORDS_LENGTH:
        raise WordsTooLong(field="words", length=len(words), limit=WORDS_LENGTH)
    if len(told.uploads) > MOST_FILES:
        raise TooManyFiles(field="uploads", limit=MOST_FILES)
    return words


def _matter(told: Told, *, at: datetime) -> tuple[Matter, bool]:
    """The running one about the same thing, else a new one; two at once are one (a constraint)."""
    same = told.place.same
    if same:
        rows = Matter.objects.running().select_for_update(of=("self",), no_key=True)
        held = rows.filter(kind=told.kind, **same).first()
        if held is not None:
            return held, False
    try:
        with transaction.atomic():
            return _opened(told, at=at), True
    except _Doubled:
        return Matter.objects.running().get(kind=told.kind, **same), False


class _Doubled(Exception):
    """Somebody else opened the same matter in this instant."""


def _opened(told: Told, *, at: datetime) -> Matter:
    place, terms = told.place, kind_terms(told.kind, at)
    made, fresh = _written(
        number=public_number("V"),
        kind=told.kind,
        target=str(place.target),
        merchant=place.merchant,
        listing=place.listing,
        revision=place.listing.live_revision if place.listing else None,
        page=place.page,
        urgent=bool(terms["urgent"]),
        opened_at=at,
        shop_subject_id=place.merchant.subject_id if place.merchant else None,
    )
    if not fresh:
        raise _Doubled
    begin(made, at=at, fact=MatterOpened(made.pk, made.kind))
    deadlines.start_decision(made, at=at)
    return made


def _written(**row: Any) -> tuple[Matter, bool]:
    """Written unless one of the same kind runs there; then the database keeps the first."""
    made = Matter(**row)
    Matter.objects.bulk_create([made], ignore_conflicts=True)
    return made, Matter.objects.filter(pk=made.pk).exists()


def kind_terms(kind: str, at: datetime) -> dict[str, Any]:
    """The rules of the law behind a kind and whether it is urgent: policy `oversight.kinds`."""
    found: dict[str, Any] = policies.value("oversight.kinds", at)[kind]
    return found


def _teller(told: Told, actor: Actor, *, language: str, at: datetime) -> UUID:
    """Whose the report is: the person's who gives their name, else nobody's that is known here."""
    if told.named:
        if actor.subject_id is None:
            raise NotFound
        return actor.subject_id
    made = subjects.create_subject(locale=language, at=at).pk
    if told.email:
        addressees.record(subject_id=made, email=told.email, locale=language, at=at)
    return made


def _refuse_repeats(matter: Matter, subject_id: UUID, *, fresh: bool, at: datetime) -> None:
    """The same thing once; many open ones only where somebody else has told of it already."""
    subjects.locked(subject_id)
    if matter.reports.filter(subject_id=subject_id).exists():
        raise ReportedAlready
    most = policies.number("oversight.reports_open", at)
    mine = Report.objects.filter(subject_id=subject_id, matter__in=Matter.objects.running())
    if not fresh and mine.count() >= most:
        raise TooManyReports(most=most)
