"""Putting keys back, and asking first whether the master key opens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from uuid import UUID

from django.db import connection

from backup.refusals import Damaged, Refused
from privacy import keyring, master, sealing

NOTHING = b"\\N"


def copy_in(table: str, pieces: Iterable[bytes]) -> None:
    """Load a table of keys. Those of the erased come too: a rule may make us keep what they seal.

    The system is closed until the replay has sealed that anew and destroyed them.

    :raises Damaged: the part was cut off, or a row does not fit its columns
    """
    rows = _lines(pieces)
    columns = next(rows).decode().split("\t")
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    # All rows are read before the first is written: a part that was cut off loads nothing.
    with TemporaryFile() as held, _untriggered(table), connection.cursor() as cursor:
        held.writelines(_fitting(row, len(columns)) for row in rows)
        held.seek(0)
        cursor.cursor.copy_expert(f"COPY {quote(table)} ({listed}) FROM STDIN", held)


@contextmanager
def _untriggered(table: str) -> Iterator[None]:
    """Triggers watch what people do; these rows passed them when they were first written."""
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {quoted} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {quoted} ENABLE TRIGGER USER")


def check_master(pieces: Iterable[bytes]) -> None:
    """Open one key of each master version, without keeping it.

    :raises Refused: the master key is missing, or another installation's
    """
    rows = _lines(pieces)
    columns = next(rows).decode().split("\t")
    seen: set[bytes] = set()
    for row in rows:
        found = dict(zip(columns, row.split(b"\t"), strict=False))
        version = found.get("master_version", NOTHING)
        if version not in seen and found.get("wrapped", NOTHING) != NOTHING:
            seen.add(version)
            _open(found, int(version))


def _open(found: dict[str, bytes], version: int) -> None:
    subject_id, number = UUID(found["subject_id"].decode()), int(found["version"])
    # Text form of bytea: a backslash, which COPY doubles, an x, and digits.
    wrapped = bytes.fromhex(found["wrapped"].decode().rpartition("x")[2])
    context = keyring.wrapping_context(subject_id, number)
    try:
        master.unwrap([master.Wrapped(version, wrapped, context)])
    except (master.MasterKeyMissing, sealing.SealBroken, KeyError) as problem:
        raise Refused(
            f"The master key does not open these subjects' keys (version {version} of it): it is missing,"
            " or another installation's. Bring back its copy first."
        ) from problem


def _fitting(row: bytes, columns: int) -> bytes:
    if row.count(b"\t") + 1 != columns:
        raise Damaged("A row of the key part does not fit its columns.")
    return row + b"\n"


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"\n")
        yield from whole
    if held:
        raise Damaged("The key part was cut off.")
