"""Data keys of subjects: made, fetched (a page's keys in one query), destroyed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import transaction

from privacy import master, sealing

# Keys live at most five minutes in memory, so that a destroyed one is soon gone everywhere.
LIFETIME_SECONDS = 300.0
LIMIT = 20_000

_cache: dict[tuple[UUID, int], tuple[float, bytes]] = {}
_current: dict[UUID, tuple[float, int]] = {}


class KeyDestroyed(RuntimeError):
    """The subject was erased: what was sealed under this key can't be read any more."""


def _wrapping_context(subject_id: UUID, version: int) -> bytes:
    return f"privacy_subjectkey|{subject_id}|{version}".encode()


def create(*, subject_id: UUID, at: datetime) -> None:
    """Make the subject's first data key."""
    key = os.urandom(master.KEY_BYTES)
    master_version = master.current_version()
    wrapped = sealing.seal(
        key,
        key=master.derive("wrap", version=master_version),
        key_version=master_version,
        context=_wrapping_context(subject_id, 1),
    )
    apps.get_model("privacy", "SubjectKey")._default_manager.create(
        subject_id=subject_id, version=1, master_version=master_version, wrapped=wrapped, created_at=at
    )
    _remember(subject_id, 1, key)


def current(subject_id: UUID) -> tuple[int, bytes]:
    """Version and key to seal with. :raises KeyDestroyed: after erasure"""
    found = _current.get(subject_id)
    if found is None or found[0] < time.monotonic():
        preload([subject_id])
        found = _current.get(subject_id)
    if found is None:
        raise KeyDestroyed(str(subject_id))
    return found[1], of_version(subject_id, found[1])


def of_version(subject_id: UUID, version: int) -> bytes:
    """The key that sealed a value. :raises KeyDestroyed: after erasure"""
    found = _cache.get((subject_id, version))
    if found is None or found[0] < time.monotonic():
        preload([subject_id])
        found = _cache.get((subject_id, version))
    if found is None:
        raise KeyDestroyed(str(subject_id))
    return found[1]


def preload(subject_ids: Iterable[UUID]) -> None:
    """Fetch the keys of all these subjects in one query, before a page opens their fields."""
    now = time.monotonic()
    wanted = {one for one in subject_ids if one not in _current or _current[one][0] < now}
    if not wanted:
        return
    rows = apps.get_model("privacy", "SubjectKey")._default_manager.filter(
        subject_id__in=wanted, destroyed_at__isnull=True
    )
    for row in rows.order_by("version"):
        key = sealing.unseal(
            bytes(row.wrapped or b""),
            key=master.derive("wrap", version=row.master_version),
            context=_wrapping_context(row.subject_id, row.version),
        )
        _remember(row.subject_id, row.version, key)


def _remember(subject_id: UUID, version: int, key: bytes) -> None:
    if len(_cache) > LIMIT:
        forget_all()
    until = time.monotonic() + LIFETIME_SECONDS
    _cache[(subject_id, version)] = (until, key)
    _current[subject_id] = (until, version)


def forget_all() -> None:
    """Empty this process's cache (a shred notice, a test)."""
    _cache.clear()
    _current.clear()
    sealing.forget()


@transaction.atomic
def destroy(*, subject_id: UUID, at: datetime) -> None:
    """Shred: whatever was sealed under the subject's keys is unreadable from here on."""
    apps.get_model("privacy", "SubjectKey")._default_manager.filter(
        subject_id=subject_id, destroyed_at__isnull=True
    ).update(wrapped=None, destroyed_at=at)
    forget_all()
