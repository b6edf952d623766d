"""A copy of everything held about a person: queued with the request, built by the worker, kept for days."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.ids import new_id
from privacy import (
    copy_files,
    copy_parts,
    deadlines,
    file_sealing,
    files,
    keys,
    lifecycle,
    resealing,
    subjects,
)
from privacy.events import CopyReady
from privacy.models import CopyState, FileState, PersonalCopy, Request, StoredFile
from rulebook import policies

POLICY = "privacy.copy"


class CopyNotThere(DomainError):
    code = "privacy_copy_not_there"
    message = N_("This copy isn't ready yet, or its time is over. Look at the request's page, or ask again.")
    status = 404


class CopyNotStuck(DomainError):
    code = "privacy_copy_not_stuck"
    message = N_("This copy isn't stuck: it waits, is being built, or is done. Reload the page.")


def queue(*, request: Request, at: datetime) -> PersonalCopy:
    """Ask the worker for the copy that answers `request`."""
    return PersonalCopy.objects.create(request=request, asked_at=at)


def drop(*, request: Request, at: datetime) -> None:
    """Nobody waits for it any more: it isn't built, and a finished one stays until it expires."""
    PersonalCopy.objects.filter(request=request, state__in=[CopyState.WAITING, CopyState.BUILDING]).update(
        state=CopyState.EXPIRED, claimed_until=None
    )


def build_next(*, at: datetime) -> int:
    """Build one copy that waits, or that a dead worker left; 0 when there is none."""
    found = _claim(at)
    if found is None:
        return 0
    try:
        stored = _build(found, at)
    except keys.KeyDestroyed:
        # Erased meanwhile: nobody is left to read it.
        PersonalCopy.objects.filter(pk=found.pk).update(state=CopyState.EXPIRED, claimed_until=None)
        return 1
    if not _finish(found.pk, stored, at=at):
        resealing.remove([stored.path])
    return 1


def stuck(*, at: datetime) -> list[PersonalCopy]:
    """Copies that failed as often as the policy tries; nobody builds them again until an officer says so."""
    tries = policies.value(POLICY, at)["attempts"]
    idle = Q(claimed_until=None) | Q(claimed_until__lte=at)
    running = PersonalCopy.objects.filter(state__in=[CopyState.WAITING, CopyState.BUILDING])
    return list(running.filter(idle, attempts__gte=tries).select_related("request").order_by("asked_at"))


@transaction.atomic
def try_again(*, request_id: UUID, actor: Actor, at: datetime) -> Request:
    """An officer has mended what broke: the copy gets its tries anew. :raises NotFound: CopyNotStuck"""
    if not (actor.is_staff or actor.is_system):
        raise NotFound()
    request = Request.objects.locked(request_id)
    if request_id not in {one.request_id for one in stuck(at=at)}:
        raise CopyNotStuck()
    fresh = {"state": CopyState.WAITING, "attempts": 0, "claimed_until": None, "done": 0, "total": 0}
    PersonalCopy.objects.filter(request_id=request_id).update(**fresh)
    lifecycle.note(request, "retry_copy", actor=actor, at=at, fact=None)
    return request


def fetch(*, request_id: UUID, actor: Actor, at: datetime) -> tuple[str, Iterator[bytes]]:
    """Name and plain pieces of a finished copy, for the person alone; ask for a fresh proof before.

    :raises NotFound: for somebody else's, and under a mandate; CopyNotThere: not ready, or its time is over
    """
    found = PersonalCopy.objects.select_related("request", "file").filter(request_id=request_id).first()
    if found is None or found.request.subject_id != actor.subject_id or actor.by is not None:
        raise NotFound()
    if found.state != CopyState.READY or found.file is None or not found.expires_at or found.expires_at <= at:
        raise CopyNotThere()
    PersonalCopy.objects.filter(pk=found.pk, fetched_at=None).update(fetched_at=at)
    return str(found.file.name), files.open_sealed(found.file, found.file.path)


@transaction.atomic
def expire(*, at: datetime, limit: int) -> int:
    """Take finished copies away whose time is over: row, name and bytes; gives how many."""
    over = PersonalCopy.objects.select_for_update(skip_locked=True, of=("self",)).select_related("file")
    gone = list(over.filter(state=CopyState.READY, expires_at__lte=at).order_by("expires_at")[:limit])
    for each in gone:
        stored, each.file, each.state = each.file, None, CopyState.EXPIRED
        each.save(update_fields=["file", "state"])
        if stored is not None:
            path = stored.path
            stored.delete()
            transaction.on_commit(lambda path=path: resealing.remove([path]))  # type: ignore[misc]
    return len(gone)


@transaction.atomic
def _claim(at: datetime) -> PersonalCopy | None:
    policy = policies.value(POLICY, at)
    idle = Q(state=CopyState.WAITING) | Q(state=CopyState.BUILDING, claimed_until__lte=at)
    free = PersonalCopy.objects.filter(idle, attempts__lt=policy["attempts"])
    found = free.select_for_update(skip_locked=True, of=("self",)).select_related("request")
    copy = found.order_by("asked_at", "id").first()
    if copy is None:
        return None
    copy.state, copy.attempts = CopyState.BUILDING, copy.attempts + 1
    copy.claimed_until = at + timedelta(minutes=policy["lease_minutes"])
    copy.done, copy.total = 0, copy_files.count_parts()
    copy.save(update_fields=["state", "attempts", "claimed_until", "done", "total"])
    return copy


def _build(copy: PersonalCopy, at: datetime) -> StoredFile:
    """The file, sealed and stored, without its row."""
    request, file_id = copy.request, new_id()
    version, key = keys.current(request.subject_id)
    counted = _Counted(copy)
    with SpooledTemporaryFile(max_size=file_sealing.PIECE * 2) as sealed:
        plain = counted.through(copy_files.zipped(request=request, at=at, told=counted.told))
        for piece in file_sealing.seal_pieces(plain, file_id=str(file_id), key=key, key_version=version):
            sealed.write(piece)
        sealed.seek(0)
        path = default_storage.save(f"{file_id.hex[-2:]}/{file_id.hex}", File(sealed))
    stored = StoredFile(
        id=file_id,
        subject_id=request.subject_id,
        purpose=copy_parts.PURPOSE,
        media_type="application/zip",
        size=counted.size,
        sha256=counted.digest.hexdigest(),
        state=FileState.CLEAN,
        path=path,
        key_version=version,
        received_at=at,
        examined_at=at,
    )
    stored.name = f"anxin-{request.number}.zip"
    return stored


class _Counted:
    """Size, digest and progress of what runs through."""

    def __init__(self, copy: PersonalCopy) -> None:
        self.copy, self.size, self.digest = copy, 0, hashlib.sha256()

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.size += len(piece)
            self.digest.update(piece)
            yield piece

    def told(self) -> None:
        """One more part is written; the page shows it."""
        self.copy.done += 1
        changes: dict[str, Any] = {"done": min(self.copy.done, self.copy.total)}
        PersonalCopy.objects.filter(pk=self.copy.pk, state=CopyState.BUILDING).update(**changes)


@transaction.atomic
def _finish(copy_id: UUID, stored: StoredFile, *, at: datetime) -> bool:
    """Put it with its request and answer that; False when nobody waits for it any more."""
    subjects.locked(stored.subject_id)
    copy = PersonalCopy.objects.select_for_update(of=("self",)).get(pk=copy_id)
    request = Request.objects.locked(copy.request_id)
    if copy.state != CopyState.BUILDING or not request.is_running:
        return False
    stored.save(force_insert=True)
    copy.state, copy.file, copy.claimed_until = CopyState.READY, stored, None
    copy.done, copy.ready_at = copy.total, at
    copy.expires_at = at + timedelta(days=policies.value(POLICY, at)["kept_days"])
    copy.save()
    fact = CopyReady(request.pk, request.subject_id, request.kind, copy.expires_at)
    lifecycle.move(request, "answer", actor=Actor.system(), at=at, fact=fact)
    deadlines.end_all(request, at=at)
    return True
