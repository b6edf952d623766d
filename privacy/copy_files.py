"""The zip of a copy, written straight into sealed pieces: no plain byte ever touches a disk."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, Any, cast
from uuid import UUID

from privacy import columns, copy_pages, copy_parts, copy_schema, file_sealing, files, persons
from privacy.copy_parts import Part
from privacy.models import AccessRecord, Request
from web.export import safe_cell

FORMAT = f"anxin.copy.{copy_schema.VERSION}"
Told = Callable[[], None]


class Sink:
    """Takes what the zip writes and gives it on; can't be sought in, so nothing is ever rewritten."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._length = 0

    def write(self, piece: bytes) -> int:
        self._held.append(bytes(piece))
        self._length += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing lies anywhere but in the list."""

    def take(self, at_least: int) -> Iterator[bytes]:
        """What has come so far in pieces of a megabyte, once so much is there."""
        if self._length < max(at_least, 1):
            return
        whole, self._held, self._length = b"".join(self._held), [], 0
        for start in range(0, len(whole), file_sealing.PIECE):
            yield whole[start : start + file_sealing.PIECE]


def zipped(*, request: Request, at: datetime, told: Told) -> Iterator[bytes]:
    """The whole zip; `told` is called after each of `count_parts()` parts."""
    parts, everybody = copy_parts.parts(), persons.all_of(request.subject_id)
    sink = Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in _entries(request, everybody, parts, at, told):
            with made.open(name, "w", force_zip64=True) as entry:
                for piece in content:
                    entry.write(piece)
                    yield from sink.take(file_sealing.PIECE)
    yield from sink.take(1)


def count_parts() -> int:
    return len(copy_parts.parts()) + len(copy_pages.LANGUAGES) + 1


def _entries(
    request: Request, everybody: list[UUID], parts: list[Part], at: datetime, told: Told
) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "data.json", _json(request, everybody, parts, at, told)
    for language in copy_pages.LANGUAGES:
        yield (
            f"{language}.html",
            copy_pages.page(request=request, everybody=everybody, parts=parts, language=language, at=at),
        )
        told()
    for part in parts:
        table = _csv(part, everybody)
        first = next(table, None)
        if first is not None:
            yield f"tables/{part.name.replace(':', '.')}.csv", _joined(first, table)
    for stored in copy_parts.files(everybody):
        name = f"files/{stored.pk.hex[-8:]}-{files.safe_name(str(stored.name))}"
        yield name, files.open_sealed(stored, stored.path)
    told()


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _json(
    request: Request, everybody: list[UUID], parts: list[Part], at: datetime, told: Told
) -> Iterator[bytes]:
    looked = AccessRecord.objects.filter(subject_id__in=everybody)
    head = {
        "format": FORMAT,
        "schema": copy_schema.address(),
        "made_at": at.isoformat(),
        "request": request.number,
        "place": request.place,
        "access": [_line(one) for one in looked.order_by("at", "id")],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2].encode() + b',\n "tables": ['
    for number, part in enumerate(parts):
        yield (b",\n" if number else b"\n") + _head_of(part)
        for place, values in enumerate(copy_parts.rows(part, everybody)):
            row = json.dumps(dict(zip(part.names, values, strict=True)), ensure_ascii=False)
            yield (b",\n" if place else b"\n") + row.encode()
        yield b"]}"
        told()
    yield b"\n]}\n"


def _head_of(part: Part) -> bytes:
    facts = {
        "table": part.label,
        "about_you_as": part.via,
        "purpose": part.entries[0].purpose,
        "columns": [
            {
                "name": columns.field_of(one.column).name,
                "purpose": one.purpose,
                "sensitivity": one.sensitivity,
                "source": "you" if columns.is_sealed(one.column) else "us",
                "basis": one.basis,
                "seen_by": list(one.seen_by),
                "at_erasure": one.erasure,
                "kept_by": one.keeping.rule_id if one.keeping else None,
            }
            for one in part.entries
        ],
    }
    return json.dumps(facts, ensure_ascii=False)[:-1].encode() + b', "rows": ['


def _line(one: Any) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "who": str(one.actor).partition(":")[0],
        "purpose": one.purpose,
        "fields": list(one.fields),
    }


def _csv(part: Part, everybody: list[UUID]) -> Iterator[bytes]:
    """Nothing at all for a table without rows; spreadsheets see no formula in what people wrote."""
    for number, values in enumerate(copy_parts.rows(part, everybody)):
        text = io.StringIO()
        writer = csv.writer(text)
        if number == 0:
            text.write("\ufeff")
            writer.writerow(part.names)
        writer.writerow([_cell(one) for one in values])
        yield text.getvalue().encode()


def _cell(value: Any) -> str:
    return safe_cell(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value)
