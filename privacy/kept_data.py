"""What rules keep of the erased: found by a number, asked for with a reason, opened by two, for minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from privacy import access_record, columns, files, inventory, keys, sealing
from privacy.classification import AtErasure, PersonalField
from privacy.models import FileState, KeptOpening, KeptPurpose, Request, StoredFile, Subject, SubjectKey
from rulebook import policies

PURPOSE, REASON = "privacy.kept", "privacy.KeptOpening.reason"
WINDOW = "privacy.kept_opening"
_REFERENCE = re.compile(r"[^\s<>@]{3,40}")
_FEWEST = 10

PURPOSES = {
    KeptPurpose.COURT: N_("A court or a prosecutor orders it"),
    KeptPurpose.AUTHORITY: N_("An authority asks for it by a written demand"),
    KeptPurpose.CLAIM: N_("A claim for or against us hangs on it"),
    KeptPurpose.TAX: N_("The tax office or an auditor checks the books"),
}


class By(StrEnum):
    """By what an erased person is found; nobody can be found by a name, for there is none."""

    CERTIFICATE = "certificate"
    ORDER = "order"
    SUBJECT = "subject"


WAYS = {
    By.CERTIFICATE: N_("Number on the certificate of erasure"),
    By.ORDER: N_("Order number"),
    By.SUBJECT: N_("Id of the person in our records"),
}


class NobodyErased(Invalid):
    code = "kept_nobody"
    message = N_("No erased person has this number. What lives is read in its own queue.")


class NothingKept(DomainError):
    code = "kept_nothing"
    message = N_(
        "Nothing is kept of this person any more: the last key was destroyed, or its day has passed."
    )


class PurposeMissing(Invalid):
    code = "kept_purpose_missing"
    message = N_("Choose for which of these reasons the law lets us open what it has us keep.")


class ReasonMissing(Invalid):
    code = "kept_reason_missing"
    message = N_("Say in a sentence what you have to find out, and give the number of the paper that asks.")


class SameOfficer(DomainError):
    code = "kept_same_officer"
    message = N_("Another officer has to approve what you have asked for.")


class WindowClosed(DomainError):
    code = "kept_window_closed"
    message = N_("The time to look is over. Ask again if the same paper asks for more.")
    status = 403


@dataclass(frozen=True, slots=True)
class Cell:
    """One kept value; `row` says which row of the table it is, the same for its cells."""

    column: str
    row: UUID
    words: str
    value: str
    # The file whose name `value` is, if it is one.
    file: UUID | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What one rule keeps until one day; `cells` is empty for whoever may not look yet."""

    rule_id: str
    until: datetime
    columns: tuple[str, ...]
    cells: tuple[Cell, ...] = ()


OfNumber = Callable[[str], UUID | None]
_finders: dict[By, OfNumber] = {}


def connect(finders: Mapping[By, OfNumber]) -> None:
    """Take the table KEPT_BY_NUMBER of config/subscriptions.py: numbers of rooms above."""
    _finders.clear()
    _finders.update(finders)


def find(*, by: By, number: str) -> UUID:
    """The erased person whom the number leads to. :raises NobodyErased:"""
    subject_id = _found(by, number.strip())
    if subject_id is None or not Subject.objects.filter(pk=subject_id, erased_at__isnull=False).exists():
        raise NobodyErased(field="number")
    return subject_id


@transaction.atomic
def ask(
    *, subject_id: UUID, purpose: str, reference: str, reason: str, actor: Actor, at: datetime
) -> KeptOpening:
    """Write down who wants to open what is kept, and why; nothing opens yet.

    :raises PurposeMissing, ReasonMissing, NobodyErased, NothingKept, NotFound: nothing is written then
    """
    officer = _officer(actor)
    if purpose not in KeptPurpose.values:
        raise PurposeMissing(field="purpose")
    if not _REFERENCE.fullmatch(reference.strip()) or len(reason.strip()) < _FEWEST:
        raise ReasonMissing(field="reason")
    if not Subject.objects.filter(pk=subject_id, erased_at__isnull=False).exists():
        raise NobodyErased(field="number")
    _require_kept(subject_id, at)
    opening = KeptOpening(
        subject_id=subject_id, purpose=purpose, reference=reference.strip(), asked_by=officer, asked_at=at
    )
    opening.reason = reason.strip()
    opening.save(force_insert=True)
    return opening


@transaction.atomic
def approve(*, opening_id: UUID, actor: Actor, at: datetime) -> KeptOpening:
    """The second officer agrees; from here the two may look for the policy's minutes.

    :raises SameOfficer, NothingKept, NotFound: nothing opens then
    """
    KeptOpening.objects.select_for_update(no_key=True).filter(pk=opening_id).first()
    opening, officer = one(opening_id), _officer(actor)
    if opening.asked_by == officer:
        raise SameOfficer()
    if opening.approved_at is not None:
        raise WindowClosed()
    _require_kept(opening.subject_id, at)
    opening.approved_by, opening.approved_at = officer, at
    opening.closes_at = at + timedelta(minutes=policies.number(WINDOW, at))
    opening.save(update_fields=["approved_by", "approved_at", "closes_at"])
    return opening


def one(opening_id: UUID) -> KeptOpening:
    """:raises NotFound:"""
    found = KeptOpening.objects.filter(pk=opening_id).first()
    if found is None:
        raise NotFound()
    return found


def newest(most: int = 50) -> list[KeptOpening]:
    """Who opened what and for which paper, for officers; the reasons stay sealed."""
    return list(KeptOpening.objects.order_by("-asked_at", "-id")[:most])


def reason_of(opening: KeptOpening, *, actor: Actor, at: datetime) -> str:
    """The first officer's words, for the one who weighs them; the look stands in that officer's record."""
    _officer(actor)
    access_record.record(actor=actor, subject_id=opening.asked_by, purpose=PURPOSE, fields=[REASON], at=at)
    return str(opening.reason)


def outline(opening: KeptOpening, *, at: datetime) -> list[Kept]:
    """Which columns are kept by which rule until when, without a word of them. :raises NothingKept:"""
    return _grouped(opening.subject_id, at, opened=False)


def shown(*, opening: KeptOpening, actor: Actor, at: datetime) -> list[Kept]:
    """What is kept, for the two officers while their time runs; the look is written down first.

    :raises NotFound: for anybody else; WindowClosed: before the approval and after its end; NothingKept:
    """
    _require_open(opening, actor, at)
    names = sorted({name for kept in outline(opening, at=at) for name in kept.columns})
    with keys.opening_kept(actor=actor, subject_id=opening.subject_id, purpose=PURPOSE, fields=names, at=at):
        return _grouped(opening.subject_id, at, opened=True)


@transaction.atomic
def file(*, opening: KeptOpening, file_id: UUID, actor: Actor, at: datetime) -> tuple[StoredFile, bytes]:
    """A kept file as it was handed in, in the same minutes; the look names it by its column.

    :raises NotFound: it isn't among what is kept, or it never passed the scan; WindowClosed: NothingKept:
    """
    _require_open(opening, actor, at)
    held = list(_require_kept(opening.subject_id, at))
    stored = StoredFile.objects.filter(
        pk=file_id, subject_id=opening.subject_id, state=FileState.CLEAN, key_version__in=held
    ).first()
    column = next((entry.column for entry in _entries() if stored and _holds(entry, stored)), None)
    if stored is None or column is None:
        raise NotFound()
    names = [column, *files.FILE]
    with keys.opening_kept(actor=actor, subject_id=opening.subject_id, purpose=PURPOSE, fields=names, at=at):
        str(stored.name)
        return stored, b"".join(files.open_sealed(stored, stored.path))


def _holds(entry: PersonalField, stored: StoredFile) -> bool:
    column = columns.field_of(entry.column)
    if column.related_model is not StoredFile:
        return False
    return inventory.rows_holding(entry, stored.subject_id).filter(**{column.name: stored}).exists()


def _require_open(opening: KeptOpening, actor: Actor, at: datetime) -> None:
    if _officer(actor) not in (opening.asked_by, opening.approved_by):
        raise NotFound()
    begins, ends = opening.approved_at, opening.closes_at
    if begins is None or ends is None or not begins <= at < ends:
        raise WindowClosed()


def _found(by: By, number: str) -> UUID | None:
    if by is By.CERTIFICATE:
        return Request.objects.filter(number=number.upper()).values_list("subject_id", flat=True).first()
    if by is By.ORDER:
        return _finders[by](number.upper())
    try:
        return UUID(number)
    except ValueError:
        return None


def _officer(actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound()
    return actor.subject_id


def _require_kept(subject_id: UUID, at: datetime) -> dict[int, SubjectKey]:
    living = {key.version: key for key in keys.kept(subject_id, at)}
    if not living:
        raise NothingKept()
    return living


def _grouped(subject_id: UUID, at: datetime, *, opened: bool) -> list[Kept]:
    living = _require_kept(subject_id, at)
    cells: dict[int, list[Cell]] = {version: [] for version in living}
    for entry in _entries():
        for row in inventory.rows_holding(entry, subject_id).order_by("pk"):
            for version, value, file_id in _cells(entry, row, opened=opened):
                if version in living:
                    words = inventory.words_of(entry.column)
                    cells[version].append(Cell(entry.column, row.pk, words, value, file_id))
    return [
        Kept(
            key.keep_rule_id,
            key.destroy_after or at,
            tuple(dict.fromkeys(cell.column for cell in cells[version])),
            tuple(cells[version]) if opened else (),
        )
        for version, key in living.items()
    ]


def _entries() -> Iterable[PersonalField]:
    return (entry for entry in inventory.fields() if entry.erasure is AtErasure.KEEP)


def _cells(entry: PersonalField, row: Any, *, opened: bool) -> Iterator[tuple[int, str, UUID | None]]:
    """(key version, value, file) of a sealed cell, or of the name of a kept file; values only if `opened`."""
    column = columns.field_of(entry.column)
    holder, name, file_id = row, column.name, None
    if column.is_relation:
        holder, name = getattr(row, column.name), "name"
        if not isinstance(holder, StoredFile):
            return
        file_id = holder.pk
    elif not columns.is_sealed(entry.column):
        return
    sealed = holder.__dict__.get(name)
    if sealed is not None:
        yield sealing.key_version_of(sealed), str(getattr(holder, name)) if opened else "", file_id
