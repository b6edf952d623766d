"""Putting keys back, except those of the erased: theirs never enter the database again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from tempfile import TemporaryFile
from uuid import UUID

from django.db import connection

from backup.refusals import Damaged

NOTHING = b"\\N"


def copy_in(table: str, pieces: Iterable[bytes], *, gone: Mapping[UUID, datetime], at: datetime) -> None:
    """Load a table of keys; rows of subjects in `gone` come back as destroyed ones.

    :raises Damaged: the part was cut off, or a row does not fit its columns
    """
    rows = _lines(pieces)
    columns = next(rows).decode().split("\t")
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    # All rows are read before the first is written: a part that was cut off loads nothing.
    with TemporaryFile() as held, connection.cursor() as cursor:
        held.writelines(_cleaned(row, columns, gone=gone, at=at) for row in rows)
        held.seek(0)
        cursor.cursor.copy_expert(f"COPY {quote(table)} ({listed}) FROM STDIN", held)


def _cleaned(row: bytes, columns: list[str], *, gone: Mapping[UUID, datetime], at: datetime) -> bytes:
    cells = row.split(b"\t")
    if len(cells) != len(columns):
        raise Damaged("A row of the key part does not fit its columns.")
    found = dict(zip(columns, cells, strict=True))
    if "subject_id" not in found or "wrapped" not in found:
        return row + b"\n"
    erased_at = gone.get(UUID(found["subject_id"].decode()))
    if erased_at is not None and found["wrapped"] != NOTHING and not _kept(found, at):
        found |= {"wrapped": NOTHING, "destroyed_at": erased_at.isoformat().encode()}
    return b"\t".join(found.values()) + b"\n"


def _kept(found: Mapping[str, bytes], at: datetime) -> bool:
    """A restricted key that a keeping rule still demands after the erasure."""
    until = found.get("destroy_after", NOTHING)
    return found.get("use") == b"kept" and until != NOTHING and datetime.fromisoformat(until.decode()) > at


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"\n")
        yield from whole
    if held:
        raise Damaged("The key part was cut off.")
