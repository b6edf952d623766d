"""Photos that show a fault: sealed under the buyer's key and examined before anybody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from kernel.actor import Actor
from kernel.errors import N_, Invalid
from privacy import files
from privacy.models import StoredFile

PURPOSE = "orders.claim"
MOST = 6


class TooManyPhotos(Invalid):
    code = "too_many_photos"
    message = N_("At most %(most)s files fit here. Choose those that show the fault best.")


def receive(
    uploads: Sequence[UploadedFile[bytes]], *, subject_id: UUID, actor: Actor, at: datetime
) -> list[StoredFile]:
    """:raises TooManyPhotos, FileTooLarge, FileTypeRefused, FileEmpty: nothing is kept then"""
    if len(uploads) > MOST:
        raise TooManyPhotos(field="files", most=MOST)
    return [
        files.receive(subject_id=subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at)
        for upload in uploads
    ]
