"""Receiving files into quarantine, and giving them out once they were examined."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from kernel.ids import new_id
from outbox import bus
from privacy import access_record, file_sealing, file_types, keys
from privacy.events import FileReceived
from privacy.file_types import USUAL, Accepted
from privacy.models import FileState, StoredFile

FILE = ("privacy.StoredFile.name", "privacy.StoredFile.shown_path")
LIMIT_BYTES = 50 * 1024 * 1024


class FileTooLarge(Invalid):
    code = "file_too_large"
    message = N_(
        "“%(name)s” is %(size)s MB; the limit is %(limit)s MB. Make it smaller or cut it, then try again."
    )


class FileEmpty(Invalid):
    code = "file_empty"
    message = N_("“%(name)s” is empty. Choose the file again.")


class FileTypeRefused(Invalid):
    code = "file_type_refused"
    message = N_("“%(name)s” can't be taken. Use JPG, PNG, WebP, HEIC, PDF, MP4, MOV or M4A.")


class PaperTypeRefused(Invalid):
    code = "paper_type_refused"
    message = N_("“%(name)s” can't be taken. Use PDF, OFD or XML.")


class FileNotReady(NotFound):
    code = "file_not_ready"
    message = N_("This file is still being examined. Try again in a minute.")


def safe_name(name: str) -> str:
    """The last part of the name, without control and direction characters, at most 120 characters."""
    tail = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in tail if unicodedata.category(c)[0] != "C" or c in "\u200d")
    return kept.strip()[-120:] or "file"


def _pieces(upload: IO[bytes]) -> Iterator[bytes]:
    while piece := upload.read(file_sealing.PIECE):
        yield piece


@transaction.atomic
def receive(
    *,
    subject_id: UUID,
    upload: UploadedFile[bytes],
    purpose: str,
    actor: Actor,
    at: datetime,
    accepts: Accepted = USUAL,
) -> StoredFile:
    """Seal an upload under the subject's key and put it in quarantine; it is examined after the commit.

    :raises FileEmpty, FileTooLarge, FileTypeRefused, PaperTypeRefused: nothing is kept then
    """
    name, size = safe_name(upload.name or ""), upload.size or 0
    media_type = _accepted(name, size, upload, accepts)
    file_id = new_id()
    version, key = keys.current(subject_id)
    digest = hashlib.sha256()
    with SpooledTemporaryFile(max_size=file_sealing.PIECE * 2) as sealed:
        for piece in file_sealing.seal_pieces(
            _counted(upload, digest), file_id=str(file_id), key=key, key_version=version
        ):
            sealed.write(piece)
        sealed.seek(0)
        path = default_storage.save(f"{file_id.hex[-2:]}/{file_id.hex}", File(sealed))
    stored = StoredFile(
        id=file_id,
        subject_id=subject_id,
        purpose=purpose,
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        path=path,
        key_version=version,
        received_at=at,
    )
    stored.name = name
    stored.save(force_insert=True)
    bus.publish(FileReceived(file_id=file_id, purpose=purpose), at=at)
    return stored


@transaction.atomic
def keep(
    *, subject_id: UUID, content: bytes, name: str, media_type: str, purpose: str, at: datetime
) -> StoredFile:
    """Seal what the platform itself fetched or made; nobody uploaded it, so nothing is examined.

    :raises ValueError: for nothing
    """
    if not content:
        raise ValueError("an empty file isn't kept")
    file_id = new_id()
    version, key = keys.current(subject_id)
    with SpooledTemporaryFile(max_size=file_sealing.PIECE * 2) as sealed:
        for piece in file_sealing.seal_pieces(
            _pieces(BytesIO(content)), file_id=str(file_id), key=key, key_version=version
        ):
            sealed.write(piece)
        sealed.seek(0)
        path = default_storage.save(f"{file_id.hex[-2:]}/{file_id.hex}", File(sealed))
    stored = StoredFile(
        id=file_id,
        subject_id=subject_id,
        purpose=purpose,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        state=FileState.CLEAN,
        path=path,
        key_version=version,
        received_at=at,
        examined_at=at,
    )
    stored.name = name
    stored.save(force_insert=True)
    return stored


def _counted(upload: UploadedFile[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    upload.seek(0)
    for piece in _pieces(upload):
        digest.update(piece)
        yield piece


def _accepted(name: str, size: int, upload: UploadedFile[bytes], accepts: Accepted) -> str:
    if size == 0:
        raise FileEmpty(name=name)
    if size > LIMIT_BYTES:
        raise FileTooLarge(name=name, size=size // 1_048_576, limit=LIMIT_BYTES // 1_048_576)
    upload.seek(0)
    media_type = accepts.sniff(upload.read(32))
    if media_type is None or not file_types.name_fits(name, media_type):
        raise PaperTypeRefused(name=name) if accepts.papers else FileTypeRefused(name=name)
    return media_type


def open_sealed(stored: StoredFile, path: str) -> Iterator[bytes]:
    """The plain pieces of one of the file's copies, whatever its state: for the examiner only."""
    with default_storage.open(path) as source:
        version = file_sealing.key_version_of(source)
        key = keys.of_version(stored.subject_id, version)
        yield from file_sealing.open_pieces(source, file_id=str(stored.pk), key=key)


def content(*, file_id: UUID, purpose: str, actor: Actor, at: datetime) -> bytes:
    """The shown copy (pictures without their metadata), else the original; writes who looked.

    :raises FileNotReady: in quarantine or refused; NotFound: if there is no such file
    """
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        raise NotFound()
    if stored.state != FileState.CLEAN:
        raise FileNotReady()
    access_record.record(actor=actor, subject_id=stored.subject_id, purpose=purpose, fields=FILE, at=at)
    return b"".join(open_sealed(stored, stored.shown_path or stored.path))
