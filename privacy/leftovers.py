"""Sealed bytes that nobody names: left by a killed run beside the file that took their place, or by none."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage

from privacy import file_sealing
from privacy.models import StoredFile, SubjectKey
from privacy.sealing import SealBroken


def remove(subject_id: UUID | None) -> int:
    """Delete copies whose key is destroyed and that no row names; gives how many."""
    gone = 0
    folders = _folders(subject_id)
    for folder in folders:
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        by_file: dict[UUID, list[str]] = {}
        for name in names:
            file_id = _file_of(name)
            if file_id is not None:
                by_file.setdefault(file_id, []).append(name)
        for stored in StoredFile.objects.filter(pk__in=by_file):
            if subject_id in (None, stored.subject_id):
                gone += sum(_remove_if_dead(stored, name) for name in by_file[stored.pk])
    return gone


def unnamed(*, before: datetime, limit: int) -> int:
    """Delete bytes that were written before `before` (real time) and whose file has no row; gives how many.

    A process that was killed between the bytes and the row leaves them; sealed, and for nobody.
    """
    gone = 0
    # Ours are named by two characters; pictures of goods lie in a folder of their own.
    for folder in (one for one in _folders(None) if len(one) == 2):
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        ids = {name: file_id for name in names if (file_id := _file_of(name)) is not None}
        known = set(StoredFile.objects.filter(pk__in=set(ids.values())).values_list("pk", flat=True))
        for name in sorted(name for name, file_id in ids.items() if file_id not in known):
            if gone < limit and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                gone += 1
    return gone


def _folders(subject_id: UUID | None) -> list[str]:
    if subject_id is None:
        return sorted(default_storage.listdir("")[0]) if default_storage.exists("") else []
    files = StoredFile.objects.filter(subject_id=subject_id).values_list("pk", flat=True)
    return [folder for folder in sorted({one.hex[-2:] for one in files}) if default_storage.exists(folder)]


def _file_of(name: str) -> UUID | None:
    try:
        return UUID(hex=name.rpartition("/")[2][:32])
    except ValueError:
        return None


def _remove_if_dead(stored: StoredFile, name: str) -> bool:
    if name in (stored.path, stored.shown_path):
        return False
    try:
        with default_storage.open(name) as source:
            version = file_sealing.key_version_of(source)
    except (OSError, SealBroken):
        return False
    dead = SubjectKey.objects.filter(
        subject_id=stored.subject_id, version=version, destroyed_at__isnull=False
    ).exists()
    if dead:
        default_storage.delete(name)
    return dead
