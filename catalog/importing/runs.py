"""A file of listings from the portal: received, its columns understood, taken or only tried, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from catalog import picture_packs
from catalog.import_models import IMPORT, ImportLine, ImportRun
from catalog.importing import columns as naming
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from merchants.models import Membership, Merchant
from privacy.files import safe_name
from rulebook import policies

LIMITS = "limits.import"


class ImportTooBig(Invalid):
    code = "import_file_too_big"
    message = N_("The file is larger than %(limit)s MB. Split it, and send the parts one after the other.")


class ImportEmpty(Invalid):
    code = "import_file_empty"
    message = N_("The file is empty. Choose it again.")


class ImportUnderWay(DomainError):
    code = "import_under_way"
    message = N_("Another file is on its way. Wait until it is done, or stop it.")


def source_path(run_id: UUID) -> str:
    return f"imports/{run_id.hex[-2:]}/{run_id.hex}.source"


def plain_path(run_id: UUID) -> str:
    """The rows as our own CSV: what the source says, whatever it was saved as."""
    return f"imports/{run_id.hex[-2:]}/{run_id.hex}.csv"


def pack_path(run_id: UUID) -> str:
    """The ZIP of pictures that came with it, until they are taken."""
    return f"imports/{run_id.hex[-2:]}/{run_id.hex}.pictures"


@transaction.atomic
def receive(
    *,
    membership: Membership,
    upload: UploadedFile[bytes],
    actor: Actor,
    at: datetime,
    pack: UploadedFile[bytes] | None = None,
) -> ImportRun:
    """Keep the file, and the ZIP of pictures that it names; the worker reads both.

    :raises ImportTooBig: :raises ImportEmpty: :raises ImportUnderWay: :raises PackUnreadable:
    :raises PackTooMany: nothing is kept then
    """
    limit = int(policies.value(LIMITS, at)["megabytes"])
    if not upload.size:
        raise ImportEmpty
    for each in filter(None, (upload, pack)):
        if (each.size or 0) > limit * 1024 * 1024:
            raise ImportTooBig(limit=limit)
    pictures = picture_packs.size(cast(IO[bytes], pack)) if pack else 0
    merchant = Merchant.objects.locked(membership.merchant_id)
    _require_idle(merchant.pk)
    name = safe_name(upload.name or "")
    run = ImportRun(merchant=merchant, membership=membership, name=name, received_at=at, pictures=pictures)
    default_storage.save(source_path(run.pk), File(upload))
    if pack is not None:
        pack.seek(0)
        default_storage.save(pack_path(run.pk), File(pack))
    run.save(force_insert=True)
    return run


@transaction.atomic
def start(
    *,
    run_id: UUID,
    membership: Membership,
    columns: Mapping[str, str],
    category: str,
    dry: bool,
    actor: Actor,
    at: datetime,
    language: str = "zh-hans",
) -> ImportRun:
    """Let the worker take the file from its first row, or only say what would happen.

    :raises IllegalMove: it isn't read yet, or on its way :raises ImportUnderWay: another file is
    :raises ColumnsUnclear, ColumnTwice, CodeColumnMissing, CategoryMissing: the file waits as it did
    """
    run = ImportRun.objects.locked(run_id)
    run.state = IMPORT.target(run.state, "start")
    _require_idle(run.merchant_id)
    run.columns = naming.checked(run.header, columns, category)
    run.category, run.dry, run.membership = category, dry, membership
    run.language = language
    run.next_row, run.started_at, run.ended_at, run.refusal = 0, at, None, ""
    run.save()
    return run


@transaction.atomic
def stop(*, run_id: UUID, actor: Actor, at: datetime) -> ImportRun:
    """Take no further row; those taken stay taken, and the report says which.

    :raises IllegalMove: it's over already
    """
    run = ImportRun.objects.locked(run_id)
    run.state, run.ended_at = IMPORT.target(run.state, "stop"), at
    run.save(update_fields=["state", "ended_at"])
    return run


def most_rows(*, at: datetime) -> int:
    """How many rows one file may have."""
    return int(policies.value(LIMITS, at)["rows"])


def _require_idle(merchant_id: UUID) -> None:
    if ImportRun.objects.of_merchant(merchant_id).under_way().exists():
        raise ImportUnderWay


def counts_of(run: ImportRun) -> dict[str, int]:
    """Rows by what became of them."""
    return ImportRun.objects.counted(run.pk)


def remembered(merchant_id: UUID) -> dict[str, str]:
    """What the shop's columns were last time, by the names in its files."""
    last = ImportRun.objects.of_merchant(merchant_id).exclude(columns={}).first()
    return dict(last.columns) if last else {}


def forget_old(*, before: datetime, limit: int = 50) -> int:
    """Delete runs of long ago with their files and reports; listings stay."""
    old = list(ImportRun.objects.filter(received_at__lt=before).order_by("received_at")[:limit])
    for run in old:
        paths = (source_path(run.pk), plain_path(run.pk), pack_path(run.pk))
        ImportLine.objects.filter(run=run).delete()
        run.delete()
        for path in paths:
            default_storage.delete(path)
    return len(old)
