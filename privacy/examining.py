"""Examining quarantined files: pictures are decoded and made anew, so nothing hidden is ever shown."""

from __future__ import annotations

import io
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from privacy import file_sealing, file_types, files, invoice_files, keys
from privacy.events import FileReceived
from privacy.file_types import BAD_MARKS, Refused
from privacy.models import FileState, StoredFile

# 50 megapixels: above any phone's default, far below a decompression bomb.
PIXELS = 50_000_000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def on_file_received(event: FileReceived, *, at: datetime) -> None:
    examine(file_id=event.file_id, at=at)


@transaction.atomic
def examine(*, file_id: UUID, at: datetime) -> StoredFile:
    """Clear a file or refuse it; doing it twice changes nothing."""
    stored = StoredFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if stored.state != FileState.QUARANTINED:
        return stored
    try:
        plain = b"".join(files.open_sealed(stored, stored.path))
        _look_for_bad_marks(plain, stored.media_type)
        invoice_files.look_into(plain, stored.media_type)
        if stored.media_type in file_types.IMAGES:
            _save_shown(stored, _made_anew(plain, stored.media_type))
        stored.state = FileState.CLEAN
    except Refused as reason:
        stored.state, stored.refusal = FileState.REFUSED, str(reason)
    stored.examined_at = at
    stored.save(update_fields=["state", "refusal", "shown_path", "shown_key_version", "examined_at"])
    return stored


def _look_for_bad_marks(plain: bytes, media_type: str) -> None:
    if media_type.startswith(("video/", "audio/")):
        return
    lowered = plain.lower()
    if any(mark.lower() in lowered for mark in BAD_MARKS):
        raise Refused("active_content")


def _made_anew(plain: bytes, media_type: str) -> bytes:
    """Only the pixels, turned upright: position, thumbnail and whatever was appended are gone."""
    try:
        with Image.open(io.BytesIO(plain), formats=[FORMATS[media_type]]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused("too_many_pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused("not_a_picture") from error
    out = io.BytesIO()
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    clean.save(out, "WEBP", quality=85)
    return out.getvalue()


def _save_shown(stored: StoredFile, plain: bytes) -> None:
    version, key = keys.current(stored.subject_id)
    pieces = [plain[i : i + file_sealing.PIECE] for i in range(0, len(plain), file_sealing.PIECE)]
    sealed = file_sealing.seal_pieces(pieces, file_id=str(stored.pk), key=key, key_version=version)
    name = f"{stored.pk.hex[-2:]}/{stored.pk.hex}-shown"
    stored.shown_path = str(default_storage.save(name, ContentFile(b"".join(sealed))))
    stored.shown_key_version = version
