"""The only code that writes `Inspection.state`, and what every step of supervision shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from merchants.inspection_lifecycle import INSPECTION
from merchants.models import Inspection, InspectionFile
from merchants.moving import leaf
from privacy import files

PURPOSE = "merchant.inspection"
TEXT_LIMIT, FILES_LIMIT = 2000, 10


class InspectionTextMissing(Invalid):
    code = "inspection_text_missing"
    message = N_("Write it down: what was looked at, what was found, what puts it right. The shop reads it.")


class TooManyInspectionFiles(Invalid):
    code = "too_many_inspection_files"
    message = N_("At most %(limit)s files go with it. Leave out those that show the same.")


def locked(inspection_id: UUID) -> Inspection:
    """:raises NotFound:"""
    rows = Inspection.objects.select_for_update(of=("self",), no_key=True).select_related("merchant")
    if (found := rows.filter(pk=inspection_id).first()) is None:
        raise NotFound
    return found


def move(inspection: Inspection, name: str, actor: Actor, at: datetime, **changes: object) -> None:
    """Make a move on a locked inspection and leave a proof. :raises IllegalMove:"""
    inspection.state = str(INSPECTION.target(inspection.state, name))
    for field, value in changes.items():
        setattr(inspection, field, value)
    inspection.save(update_fields=["state", *changes])
    told = {
        "inspection": str(inspection.pk),
        "to": inspection.state,
        "actor": str(actor),
        "why": inspection.outcome,
    }
    leaf(inspection.merchant, f"inspection_{name}", dict(told), at)


def keep(
    inspection: Inspection,
    uploads: Sequence[UploadedFile[bytes]],
    *,
    by_shop: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Seal each under the shop's key."""
    if len(uploads) > FILES_LIMIT:
        raise TooManyInspectionFiles(limit=FILES_LIMIT)
    for upload in uploads:
        stored = files.receive(
            subject_id=inspection.subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at
        )
        InspectionFile.objects.create(inspection=inspection, by_shop=by_shop, file=stored, at=at)


def words_of(text: str, field: str) -> str:
    words = text.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise InspectionTextMissing(field=field)
    return words


def staff_of(actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound
    return actor.subject_id
