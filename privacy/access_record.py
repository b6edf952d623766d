"""The line that every look of a human at somebody's data leaves, and what the person sees of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor, ActorKind
from kernel.ids import public_number
from privacy import access_words, inventory, opened
from privacy.models import AccessRecord, Export
from web.idempotency import write_whatever_comes

MOST = 200


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One look as the person reads it; texts are msgids. `merchant_id` says which shop, if it was one."""

    at: datetime
    who: str
    merchant_id: UUID | None
    purpose: str
    fields: tuple[str, ...]
    expected: bool


def record(
    *,
    actor: Actor,
    subject_id: UUID,
    purpose: str,
    fields: Sequence[str],
    at: datetime,
    expected: bool = True,
) -> None:
    """Write that `actor` saw `fields` ("orders.Order.recipient") of the subject for `purpose`.

    People who look at their own data leave no line. `expected` is false when nothing asked for the look.
    """
    opened.answer_for(subject_id)
    if actor.subject_id == subject_id and actor.by is None:
        return
    write_whatever_comes(
        lambda: AccessRecord.objects.create(
            subject_id=subject_id,
            actor=str(actor),
            merchant_id=actor.merchant_id,
            purpose=purpose,
            fields=list(fields),
            expected=expected,
            at=at,
        )
    )


@contextmanager
def looking(
    *, actor: Actor, subject_id: UUID, purpose: str, fields: Sequence[str], at: datetime
) -> Iterator[None]:
    """The one door: what is opened inside is on record before it is opened."""
    record(actor=actor, subject_id=subject_id, purpose=purpose, fields=fields, at=at)
    yield


def record_export(
    *, actor: Actor, what: str, rows: int, subject_ids: Sequence[UUID], fields: Sequence[str], at: datetime
) -> str:
    """Write that `actor` takes a file of so many rows away; gives the number that stands in the file.

    Where `fields` hold personal data, each of the people gets a line of their own.
    """
    number = public_number("X")
    Export.objects.create(
        number=number,
        actor=str(actor),
        merchant_id=actor.merchant_id,
        what=what,
        rows=rows,
        people=len(set(subject_ids)),
        at=at,
    )
    for subject_id in sorted(set(subject_ids)) if fields else ():
        record(actor=actor, subject_id=subject_id, purpose=what, fields=fields, at=at)
    return number


def newest(most: int) -> list[AccessRecord]:
    """The last looks of everybody, for officers."""
    return list(AccessRecord.objects.order_by("-at", "-id")[:most])


def lines_for(subject_id: UUID, *, most: int = MOST) -> list[AccessLine]:
    """Who looked, newest first; a member of staff is never named."""
    rows = AccessRecord.objects.filter(subject_id=subject_id).order_by("-at", "-id")[:most]
    return [
        AccessLine(
            at=row.at,
            who=access_words.who(row.actor),
            merchant_id=row.merchant_id if row.actor.startswith(f"{ActorKind.MEMBER}:") else None,
            purpose=access_words.purpose(row.purpose),
            fields=tuple(inventory.words_of(column) for column in row.fields),
            expected=row.expected,
        )
        for row in rows
    ]
