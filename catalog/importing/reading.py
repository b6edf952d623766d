"""Rows from a CSV file, packed or not, one at a time: memory stays flat whatever the size."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from kernel.errors import N_, Invalid

LONGEST_CELL = 20_000
csv.field_size_limit(LONGEST_CELL * 4)


class FileUnreadable(Invalid):
    code = "file_unreadable"
    message = N_("This isn't a CSV file in UTF-8 with a header line. Save it as “CSV UTF-8” and try again.")


class ColumnMissing(Invalid):
    code = "column_missing"
    message = N_("The file has no column “%(column)s”, which names each listing.")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts the header as 1, as spreadsheets do; `problem` is a msgid when it can't be read."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""


BAD_BYTES = N_("The row holds bytes that aren't UTF-8.")
BAD_SHAPE = N_("The row has more cells than the header.")
TOO_BIG = N_("A cell of the row is too long.")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a foreign file's columns become ours; `constants` hold for every row."""

    category: str
    natural_key: str
    constants: Mapping[str, str]
    columns: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> ColumnMap:
        """:raises FileUnreadable: when the map isn't one"""
        try:
            return cls(
                category=str(data["category"]),
                natural_key=str(data["natural_key"]),
                constants={str(key): str(value) for key, value in data.get("constants", {}).items()},
                columns={str(key): [str(each) for each in value] for key, value in data["columns"].items()},
            )
        except (KeyError, TypeError, AttributeError):
            raise FileUnreadable from None

    def applied(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The row in our columns: the first filled source of each wins."""
        found = {"category": self.category, **self.constants}
        for source, targets in self.columns.items():
            text = cells.get(source, "").strip()
            for target in targets if text else ():
                if not found.get(target):
                    found[target] = text
        return found


def rows(stream: IO[bytes], *, key: str = "code") -> Iterator[Row]:
    """The rows of a file, each with its number; unreadable ones come with their problem.

    :raises FileUnreadable: no text file at all :raises ColumnMissing: without the naming column
    """
    reader = csv.reader(_text(stream), strict=False)
    header = _header(reader)
    if key not in header:
        raise ColumnMissing(column=key)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, {}, TOO_BIG)
            continue
        except (EOFError, OSError):
            raise FileUnreadable from None
        if any(cells):
            yield _row(number, header, cells)


def _row(number: int, header: list[str], cells: list[str]) -> Row:
    named = dict(zip(header, cells, strict=False))
    if any("\udc80" <= each <= "\udcff" for cell in cells for each in cell):
        clean = {name: cell.encode("utf-8", "replace").decode("utf-8") for name, cell in named.items()}
        return Row(number, clean, BAD_BYTES)
    if len(cells) > len(header) and any(cells[len(header) :]):
        return Row(number, named, BAD_SHAPE)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Row(number, {name: cell[:64] for name, cell in named.items()}, TOO_BIG)
    return Row(number, named)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader)]
    except (StopIteration, csv.Error, EOFError, OSError):
        raise FileUnreadable from None
    if not any(header) or any("\x00" in cell or "\udc80" <= cell[:1] <= "\udcff" for cell in header):
        raise FileUnreadable
    return header


def _text(stream: IO[bytes]) -> IO[str]:
    start = stream.read(2)
    stream.seek(0)
    packed = start == b"\x1f\x8b"
    plain = cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if packed else stream
    return io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")
