"""Erasing a person: over the whole inventory, in one transaction, with a certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from outbox import bus
from privacy import (
    certificates,
    copying,
    deadlines,
    inventory,
    keys,
    lifecycle,
    obstacles,
    persons,
    tombstones,
)
from privacy.events import ErasureBlocked, RequestAnswered, RequestWithdrawn, SubjectErased
from privacy.forgetting import Forgetting, Tally
from privacy.keeping import Shelf
from privacy.models import Certificate, Request, Subject, SubjectKey

# A step of a room above, before the keys die: accounts close here.
Step = Callable[..., object]

# Shorter than Postgres's wait before it looks for circles: an erasure gives way, whoever is buying doesn't.
PATIENCE = "400ms"

_steps: list[Step] = []


def connect(steps: Iterable[Step]) -> None:
    """Take the table ERASURE_STEPS of config/subscriptions.py: functions of subject_id= and at=."""
    _steps[:] = steps


@transaction.atomic
def carry_out(*, request_id: UUID, at: datetime) -> Certificate | None:
    """The time to think is over: erase, or wait for what is still open and tell the person.

    None when it has to wait, or when the request is over.
    """
    request = _locked(request_id)
    if not request.is_running:
        return None
    if obstacles.of(request.subject_id):
        clock = deadlines.try_again(request, at=at)
        fact = ErasureBlocked(request.pk, request.subject_id, request.kind, clock.due_at)
        lifecycle.note(request, "wait", actor=Actor.system(), at=at, fact=fact, erase_after=clock.due_at)
        return None
    return erase(request_id=request_id, actor=Actor.system(), at=at)


@transaction.atomic
def erase(*, request_id: UUID, actor: Actor, at: datetime) -> Certificate:
    """Erase the person who asked, now; given again when it was done before.

    :raises ErasureBlocked: something is still open; IllegalMove: refused or withdrawn
    """
    request = _locked(request_id)
    done = Certificate.objects.filter(request=request).first()
    if done is not None:
        return done
    obstacles.require_none(request.subject_id)
    everybody = persons.all_of(request.subject_id)
    tally = Tally()
    for subject_id in everybody:
        _forget(subject_id, at=at, tally=tally)
    fact = RequestAnswered(request.pk, request.subject_id, request.kind)
    lifecycle.move(request, "answer", actor=actor, at=at, fact=fact)
    deadlines.end_all(request, at=at)
    _end_others(request.subject_id, actor=actor, at=at)
    content = _content(request, everybody, tally, at=at)
    certificate = certificates.issue(request=request, content=content, at=at)
    for subject_id in everybody:
        _bury(subject_id, at=at)
    return certificate


@transaction.atomic
def erase_again(*, subject_id: UUID, at: datetime) -> None:
    """After a restore brought an erased person back: the same once more; nobody is asked or told."""
    subject = Subject.objects.select_for_update().filter(pk=subject_id).first()
    if subject is None:
        return
    if subject.erased_at is None:
        _forget(subject_id, at=at, tally=Tally())
    _destroy(subject_id, at=at)


@transaction.atomic
def forget(*, subject_id: UUID, at: datetime) -> None:
    """Let go of somebody whose data has no purpose any more (a guest who never bought); asks nobody.

    :raises ErasureBlocked: something of theirs is open after all
    """
    subject = Subject.objects.select_for_update().get(pk=subject_id)
    if subject.erased_at is not None:
        return
    obstacles.require_none(subject_id)
    _forget(subject_id, at=at, tally=Tally())
    _bury(subject_id, at=at)


def _forget(subject_id: UUID, *, at: datetime, tally: Tally) -> None:
    for step in _steps:
        step(subject_id=subject_id, at=at)
    Forgetting(subject_id, at, Shelf(subject_id), tally).run()


def _bury(subject_id: UUID, *, at: datetime) -> None:
    bus.publish(SubjectErased(subject_id), at=at)
    _destroy(subject_id, at=at)
    tombstones.lay(subject_id=subject_id, at=at)


def _end_others(subject_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Whatever else the person asked ends with them: nobody is left to answer."""
    for other in Request.objects.running().filter(subject_id=subject_id).order_by("pk"):
        fact = RequestWithdrawn(other.pk, subject_id, other.kind)
        lifecycle.move(other, "withdraw", actor=actor, at=at, fact=fact)
        deadlines.end_all(other, at=at)
        copying.drop(request=other, at=at)


def _destroy(subject_id: UUID, *, at: datetime) -> None:
    keys.destroy(subject_id=subject_id, at=at)
    Subject.objects.filter(pk=subject_id, erased_at__isnull=True).update(erased_at=at)


def _content(request: Request, everybody: list[UUID], tally: Tally, *, at: datetime) -> dict[str, Any]:
    """What the certificate says: columns, counts, rules and dates; no word about the person."""
    live = SubjectKey.objects.filter(subject_id__in=everybody, destroyed_at__isnull=True)
    destroyed = live.exclude(use="kept")
    return {
        "request": request.number,
        "place": request.place,
        "erased_at": at.isoformat(),
        "gone": [
            {"column": column, "how": how, "rows": rows} for (column, how), rows in sorted(tally.gone.items())
        ],
        "kept": [
            {"rule": rule, "until": until.isoformat(), "column": column, "rows": rows}
            for (rule, until, column), rows in sorted(tally.kept.items())
        ],
        "stays": [
            {"column": column, "rows": rows, "why": inventory.of_column(column).why}
            for column, rows in sorted(tally.stays.items())
        ],
        "keys_destroyed": [
            {"use": use, "version": version}
            for use, version in destroyed.order_by("subject_id", "version").values_list("use", "version")
        ],
        "files_kept": len(tally.kept_files),
        "columns_looked_at": len(inventory.fields()),
    }


def _locked(request_id: UUID) -> Request:
    """The person first and for good: no row that belongs to them can come while they are erased."""
    subject_id = Request.objects.filter(pk=request_id).values_list("subject_id", flat=True).first()
    if subject_id is None:
        raise NotFound()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    for one in persons.all_of(subject_id):
        Subject.objects.select_for_update().get(pk=one)
    return Request.objects.locked(request_id)
