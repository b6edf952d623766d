"""Handing in, checking, replacing and losing a shop's documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import new_id
from law.counting import local_day
from merchants import brand_chains, deadlines, document_numbers, numbers, parties, telling
from merchants.document_kinds import KIND_WORDS, SINGLE, DocumentKind, number_fits
from merchants.document_lifecycle import DOCUMENT, DocumentState
from merchants.document_moving import move, note
from merchants.events import DocumentExpired, DocumentVerified
from merchants.models import Document, Merchant
from merchants.moving import ReasonMissing
from outbox import bus
from privacy import files
from privacy.models import FileState, StoredFile

PURPOSE = "merchants.document"
# Paper is photographed or scanned; films and sounds are none.
PAPER = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})


class NumberUnfit(Invalid):
    code = "document_number_unfit"
    message = N_(
        "This number can't be that of a “%(kind)s”: a character is missing or differs."
        " Compare it with the document."
    )


class AlreadyOver(Invalid):
    code = "document_already_over"
    message = N_("This document ended on %(day)s. Hand in one that is valid today.")


class DatesCrossed(Invalid):
    code = "document_dates_crossed"
    message = N_("The first day of the validity lies after the last one.")


class NoPaper(Invalid):
    code = "document_no_paper"
    message = N_("“%(name)s” is no picture and no PDF. Photograph the document, or export it as PDF.")


class NotExaminedYet(DomainError):
    code = "document_not_examined"
    message = N_(
        "The file is still being examined, or was locked away. Without it nobody can check the document."
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says, as typed, and its pictures."""

    kind: DocumentKind
    number: str
    file: UploadedFile[bytes] | StoredFile
    issuer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    back: UploadedFile[bytes] | StoredFile | None = None


def of_kind(paper: Paper, kind: DocumentKind) -> Paper:
    """The same paper, handed in as another kind."""
    return replace(paper, kind=kind)


@transaction.atomic
def hand_in(
    *, merchant_id: UUID, paper: Paper, actor: Actor, at: datetime, replaces: UUID | None = None
) -> Document:
    """Seal a document and wait for the check; the one it replaces stays valid until the new one is checked.

    :raises NumberUnfit, AlreadyOver, DatesCrossed, NoPaper: nothing is kept then; a refusal of files.receive
    :raises NotFound: `replaces` is another shop's document, or of another kind
    """
    merchant = Merchant.objects.locked(merchant_id)
    number = _checked(paper, merchant, at)
    before = _replaced(merchant, paper.kind, replaces, actor=actor, at=at)
    document = Document(
        id=new_id(),
        merchant=merchant,
        subject_id=merchant.subject_id,
        kind=paper.kind,
        issuer=paper.issuer.strip(),
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        file=_receive(merchant, paper.file, actor, at),
        back=_receive(merchant, paper.back, actor, at) if paper.back else None,
        replaces=before,
        handed_in_at=at,
    )
    document.number, document.number_digest = number, document_numbers.digest(number)
    document.save(force_insert=True)
    note(document, "hand_in", came_from="", reason="", actor=actor, at=at)
    deadlines.start_document_review(document, at=at)
    return document


@transaction.atomic
def verify(*, document_id: UUID, actor: Actor, at: datetime) -> Document:
    """Staff have compared it: it counts from now on, until its end.

    :raises IllegalMove: decided already; PartyMayNotAct; NotExaminedYet; AlreadyOver
    """
    document = _locked(document_id, actor)
    if document.file.state != FileState.CLEAN:
        raise NotExaminedYet
    if document.valid_until is not None and document.valid_until < today(document.merchant, at):
        raise AlreadyOver(day=document.valid_until.isoformat())
    DOCUMENT.target(document.state, "verify")
    with brand_chains.watched(document, day=today(document.merchant, at), at=at):
        _make_room(document, at=at)
        move(document, "verify", reason="", actor=actor, at=at, decided_at=at, overdue_at=None)
    deadlines.end_document_review(document, at=at)
    deadlines.start_validity(document, at=at)
    bus.publish(DocumentVerified(document.merchant_id, document.kind), at=at)
    return document


@transaction.atomic
def refuse(*, document_id: UUID, reason: str, actor: Actor, at: datetime) -> Document:
    """Send it back with reasons; a checked one that turns out to be wrong stops counting at once.

    :raises IllegalMove, PartyMayNotAct: :raises ReasonMissing:
    """
    if not reason.strip():
        raise ReasonMissing
    document = _locked(document_id, actor)
    held = document.state == DocumentState.VERIFIED
    name = "revoke" if held else "refuse"
    with brand_chains.watched(document, day=today(document.merchant, at), at=at):
        move(document, name, reason=reason, actor=actor, at=at, decided_at=at, overdue_at=None)
    deadlines.end_document_review(document, at=at)
    if held:
        _lost(document, at=at)
    _tell(document, "merchants.document_refused", at)
    return document


@transaction.atomic
def reinstate(*, document_id: UUID, reason: str, actor: Actor, at: datetime) -> Document:
    """An appeal showed that the refusal was wrong: it counts after all, until its end.

    :raises IllegalMove: not refused :raises AlreadyOver:
    """
    document = Document.objects.locked(document_id)
    if document.valid_until is not None and document.valid_until < today(document.merchant, at):
        raise AlreadyOver(day=document.valid_until.isoformat())
    DOCUMENT.target(document.state, "reinstate")
    with brand_chains.watched(document, day=today(document.merchant, at), at=at):
        _make_room(document, at=at)
        move(document, "reinstate", reason=reason, actor=actor, at=at, decided_at=at, overdue_at=None)
    deadlines.start_validity(document, at=at)
    bus.publish(DocumentVerified(document.merchant_id, document.kind), at=at)
    return document


@transaction.atomic
def withdraw(*, document_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> Document:
    """The shop takes its document back; what depends on it comes down.

    :raises NotFound: another shop's; IllegalMove: it is over already
    """
    document = Document.objects.locked(document_id)
    if document.merchant_id != merchant_id:
        raise NotFound
    held = document.state == DocumentState.VERIFIED
    with brand_chains.watched(document, day=today(document.merchant, at), at=at):
        move(document, "withdraw", reason="", actor=actor, at=at, overdue_at=None)
    deadlines.end_document_review(document, at=at)
    if held:
        _lost(document, at=at)
    return document


@transaction.atomic
def expire(*, document_id: UUID, at: datetime) -> Document:
    """The last day is over: what depends on the document comes down. Twice is the same as once."""
    document = Document.objects.locked(document_id)
    if document.state != DocumentState.VERIFIED:
        return document
    # What was true on its last day is what was lost.
    last = document.valid_until or today(document.merchant, at)
    with brand_chains.ending(document, last=last, day=today(document.merchant, at), at=at):
        move(document, "expire", reason="", actor=Actor.system(), at=at)
    _lost(document, at=at)
    _tell(document, "merchants.document_expired", at)
    return document


def holds(merchant_id: UUID, kind: str, *, at: datetime) -> bool:
    """Whether a checked document of this kind is valid at the instant, in the shop's own day."""
    return bool(holding(merchant_id, [kind], at=at))


def holding(merchant_id: UUID, kinds: Sequence[str], *, at: datetime) -> frozenset[str]:
    """Those of `kinds` that the shop holds at the instant, in one statement."""
    merchant = Merchant.objects.get_or_not_found(pk=merchant_id)
    found = Document.objects.filter(merchant=merchant, kind__in=list(kinds)).valid_on(today(merchant, at))
    return frozenset(found.values_list("kind", flat=True))


def held_by(merchant: Merchant, *, at: datetime) -> dict[str, date | None]:
    """Every kind that the shop holds checked and valid at the instant, with its last day (None: no end)."""
    rows = Document.objects.filter(merchant=merchant).valid_on(today(merchant, at))
    rows = rows.order_by(models.F("valid_until").asc(nulls_last=True))
    return dict(rows.values_list("kind", "valid_until"))


def today(merchant: Merchant, at: datetime) -> date:
    """The local day at the shop's place."""
    return local_day(at, deadlines.zone_of(merchant.place, at))


def _locked(document_id: UUID, actor: Actor) -> Document:
    document = Document.objects.locked(document_id)
    parties.refuse_party(merchant_id=document.merchant_id, actor=actor)
    return document


def _checked(paper: Paper, merchant: Merchant, at: datetime) -> str:
    """The number in its normal form, once everything typed can be true."""
    number, day = numbers.normal(paper.number), today(merchant, at)
    if not number_fits(paper.kind, number, place=merchant.place, on=day):
        raise NumberUnfit(field="number", kind=KIND_WORDS[paper.kind])
    if paper.valid_from and paper.valid_until and paper.valid_from > paper.valid_until:
        raise DatesCrossed(field="valid_until")
    if paper.valid_until is not None and paper.valid_until < day:
        raise AlreadyOver(field="valid_until", day=paper.valid_until.isoformat())
    return number


def _receive(
    merchant: Merchant, upload: UploadedFile[bytes] | StoredFile, actor: Actor, at: datetime
) -> StoredFile:
    """What is sealed already stays as it is; whose it is the database looks at, too."""
    if isinstance(upload, StoredFile):
        return upload
    stored = files.receive(subject_id=merchant.subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at)
    if stored.media_type not in PAPER:
        raise NoPaper(field="file", name=files.safe_name(upload.name or ""))
    return stored


def _replaced(
    merchant: Merchant, kind: str, replaces: UUID | None, *, actor: Actor, at: datetime
) -> Document | None:
    """What the new one renews; one that nobody has checked yet gives way at once."""
    waiting = Document.objects.filter(merchant=merchant, kind=kind, state=DocumentState.HANDED_IN)
    if kind in SINGLE or replaces is not None:
        for each in waiting if kind in SINGLE else [one for one in waiting if one.pk == replaces]:
            move(each, "supersede", reason="", actor=actor, at=at, overdue_at=None)
            deadlines.end_document_review(each, at=at)
    if replaces is None:
        return None
    before = Document.objects.filter(merchant=merchant, kind=kind, pk=replaces).first()
    if before is None:
        raise NotFound
    return before


def _make_room(document: Document, *, at: datetime) -> None:
    """The one it renews, or the only one of its kind, gives way to it."""
    held = Document.objects.filter(
        merchant_id=document.merchant_id, kind=document.kind, state=DocumentState.VERIFIED
    )
    held = held.select_for_update(no_key=True)
    for each in held if document.kind in SINGLE else [one for one in held if one.pk == document.replaces_id]:
        move(each, "supersede", reason="", actor=Actor.system(), at=at)
        deadlines.end_validity(each, at=at)


def _lost(document: Document, *, at: datetime) -> None:
    """Tell it, unless another one of the kind is valid."""
    deadlines.end_validity(document, at=at)
    if not holds(document.merchant_id, document.kind, at=at):
        bus.publish(DocumentExpired(document.merchant_id, document.kind), at=at)


def _tell(document: Document, kind: str, at: datetime) -> None:
    merchant = document.merchant
    path = f"/merchant/{merchant.slug}/documents/"
    telling.owners(merchant, kind, reference=document.pk, at=at, path=path)
