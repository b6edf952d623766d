"""The worker's part of an import: a bounded slice at a time, each whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from tempfile import TemporaryFile

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation

from catalog import picture_packs
from catalog.import_models import IMPORT, ImportLine, ImportRun, ImportState
from catalog.importing import runs
from catalog.importing.reading import Row, opened
from catalog.importing.taking import Seen, taken
from catalog.importing.variant_rows import MOST, Numbered, continues, grouped
from catalog.importing.writing import Desk, Outcome, open_desk
from kernel.errors import N_, DomainError, Invalid
from merchants.capabilities import Capability
from rulebook import policies
from web.export import plain_cell

# Rows of a slice: about a second's work, so that nothing else waits long for shop and worker.
SLICE, DRY_SLICE, PICTURES = 200, 500, 5
_FIXED = ("number", "problem")


class TooManyRows(Invalid):
    code = "import_too_many_rows"
    message = N_("The file has more than %(limit)s rows. Split it, and send the parts one after the other.")


class MemberGone(DomainError):
    code = "import_member_gone"
    message = N_("Who started this may no longer change listings. Somebody else can start it again.")


@transaction.atomic
def work(*, at: datetime) -> int:
    """Read one waiting file, or take the next rows of one; 0 when nothing waits.

    Killed half-way, the slice is undone with everything it wrote, and done again.
    """
    run = ImportRun.objects.next_to_work_on()
    if run is None:
        return 0
    try:
        with transaction.atomic():
            if run.has_pictures_to_take:
                _take_pictures(run, at)
                return 1
            taken = _read(run, at) if run.state == ImportState.RECEIVED else _take(run, at)
    except (DomainError, OSError) as error:
        run.state, run.ended_at = IMPORT.target(run.state, "fail"), at
        run.refusal = getattr(error, "code", "file_unreadable")
        run.save(update_fields=["state", "ended_at", "refusal"])
        return 1
    return taken


def _take_pictures(run: ImportRun, at: datetime) -> None:
    """A few at a time, before the rows that name them."""
    _require_member(run)
    with default_storage.open(runs.pack_path(run.pk)) as pack, translation.override(run.language):
        found = picture_packs.take(
            pack,
            merchant_id=run.merchant_id,
            actor=run.membership.actor,
            at=at,
            first=run.next_picture,
            most=PICTURES,
        )
    run.next_picture = min(run.next_picture + PICTURES, run.pictures)
    run.picture_problems = [*run.picture_problems, *map(list, found.problems)]
    run.save(update_fields=["next_picture", "picture_problems"])
    if not run.has_pictures_to_take:
        transaction.on_commit(lambda: default_storage.delete(runs.pack_path(run.pk)))


def _read(run: ImportRun, at: datetime) -> int:
    """From what was sent to rows of our own, so that each slice finds its place without decoding again."""
    limits = policies.value(runs.LIMITS, at)
    with default_storage.open(runs.source_path(run.pk)) as source, TemporaryFile() as plain:
        table = opened(source)
        run.total = _copy(table.rows, table.header, plain, int(limits["rows"]))
        plain.seek(0)
        default_storage.delete(runs.plain_path(run.pk))
        default_storage.save(runs.plain_path(run.pk), File(plain))
    run.header, run.encoding = [name for name in table.header if name], table.encoding
    run.state = IMPORT.target(run.state, "read")
    run.save(update_fields=["state", "header", "encoding", "total"])
    runs.forget_old(before=at - timedelta(days=int(limits["days"])))
    return 1


def _copy(rows: Iterator[Row], header: Sequence[str], plain: io.BufferedRandom, most: int) -> int:
    text = io.TextIOWrapper(plain, encoding="utf-8", newline="", write_through=True)
    writer, count = csv.writer(text), 0
    writer.writerow([*_FIXED, *header])
    for row in rows:
        count += 1
        if count > most:
            raise TooManyRows(limit=most)
        writer.writerow([row.number, row.problem, *(row.cells.get(name, "") for name in header)])
    text.detach()
    return count


def _take(run: ImportRun, at: datetime) -> int:
    if run.next_row == 0:
        ImportLine.objects.filter(run=run).delete()
    _require_member(run)
    actor = run.membership.actor
    desk = open_desk(merchant=run.merchant, actor=actor, at=at, strict=True, dry=run.dry)
    batch = _rows(run, DRY_SLICE if run.dry else SLICE)
    with translation.override(run.language):
        outcomes = list(_outcomes(run, desk, batch))
    ImportLine.objects.bulk_create(_line(run, each) for each in outcomes)
    run.next_row = min(run.next_row + len(batch), run.total)
    if not batch or run.next_row >= run.total:
        run.state, run.ended_at = IMPORT.target(run.state, "finish"), at
    run.save(update_fields=["next_row", "state", "ended_at"])
    return max(len(batch), 1)


def _require_member(run: ImportRun) -> None:
    if run.membership.ended_at is not None or not run.membership.can(Capability.LISTINGS):
        raise MemberGone


def _rows(run: ImportRun, size: int) -> list[Numbered]:
    """The next rows in our columns; the rows of a listing with variants stay together."""
    with default_storage.open(runs.plain_path(run.pk)) as plain:
        reader = csv.DictReader(io.TextIOWrapper(plain, encoding="utf-8", newline=""))
        rest = (
            (Row(int(cells["number"]), cells, cells["problem"]), _ours(run, cells))
            for cells in islice(reader, run.next_row, None)
        )
        found: list[Numbered] = list(islice(rest, size))
        for each in rest:
            if len(found) >= size + MOST or not continues(found[-1][1], each[1]):
                break
            found.append(each)
        return found


def _ours(run: ImportRun, cells: dict[str, str]) -> dict[str, str]:
    """The row in our columns; a file without a category column is of one category."""
    found = {ours: plain_cell(cells.get(name, "")) for name, ours in run.columns.items()}
    return {**found, "category": found.get("category", "") or run.category}


def _outcomes(run: ImportRun, desk: Desk, batch: Sequence[Numbered]) -> Iterator[Outcome]:
    return taken(desk, list(grouped(batch)), _seen(run, batch))


def _seen(run: ImportRun, batch: Sequence[Numbered]) -> Seen:
    """What rows of earlier slices named, of all that this one names."""
    lines = ImportLine.objects.filter(run=run)
    named = {
        name: {cells.get(name, "").strip() for _row, cells in batch} - {""}
        for name in ("code", "sku", "barcode")
    }
    return Seen(
        codes=set(lines.filter(code__in=named["code"]).values_list("code", flat=True)),
        skus=dict(lines.filter(sku__in=named["sku"]).values_list("sku", "number")),
        barcodes=dict(lines.filter(barcode__in=named["barcode"]).values_list("barcode", "number")),
    )


def _line(run: ImportRun, outcome: Outcome) -> ImportLine:
    return ImportLine(
        run=run,
        number=outcome.number,
        code=outcome.code,
        sku=outcome.sku,
        barcode=outcome.barcode,
        result=outcome.result,
        gaps=[list(each) for each in outcome.gaps],
        problems=[list(each) for each in outcome.problems],
    )
