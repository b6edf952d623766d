"""Rows from a CSV file or a workbook, packed or not, one at a time: memory stays flat whatever the size."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from catalog.importing import encodings, workbooks
from kernel.errors import N_, Invalid

LONGEST_CELL, MOST_COLUMNS = 20_000, 300
# Its number (the header is 1, as spreadsheets count), its cells, and a msgid when it couldn't be read.
Line = tuple[int, list[str], str]
csv.field_size_limit(LONGEST_CELL * 4)


class FileUnreadable(Invalid):
    code = "file_unreadable"
    message = N_("This isn't a table with a header line. Save it as .xlsx or as “CSV UTF-8” and try again.")


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


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened: its header, and its rows as a stream; `encoding` is "xlsx" for a workbook."""

    header: Sequence[str]
    encoding: str
    rows: Iterator[Row]


def rows(stream: IO[bytes], *, key: str = "code") -> Iterator[Row]:
    """The rows of a file, each with its number; unreadable ones come with their problem.

    :raises FileUnreadable: no table at all :raises ColumnMissing: without the naming column
    """
    table = opened(stream)
    if key not in table.header:
        raise ColumnMissing(column=key)
    yield from table.rows


def opened(stream: IO[bytes]) -> Table:
    """A table as people save tables: .xlsx, or text in UTF-8, UTF-16, GB18030 or Big5, also as .gz.

    :raises FileUnreadable, WorkbookUnreadable, WorkbookTooBig: also while its rows are read
    """
    plain = _unpacked(stream)
    start = plain.read(encodings.SAMPLE)
    plain.seek(0)
    if start.startswith(workbooks.MARK):
        lines, encoding = _numbered(workbooks.rows(plain)), "xlsx"
    else:
        encoding = encodings.of(start) or ""
        if not encoding:
            raise FileUnreadable
        lines = _lines(plain, encoding, _delimiter(start, encoding))
    header = _header(lines)
    return Table(header, encoding, _rows(lines, header))


def _numbered(source: Iterator[Sequence[str]]) -> Iterator[Line]:
    for number, cells in enumerate(source, start=1):
        yield number, list(cells), ""


def _lines(plain: IO[bytes], encoding: str, delimiter: str) -> Iterator[Line]:
    """Cells of each line of text; a line that a reader refuses comes empty, with why."""
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(cast(IO[bytes], _Kept(plain)), encoding=encoding, errors=errors, newline="")
    reader, number = csv.reader(text, strict=False, delimiter=delimiter), 0
    while True:
        number += 1
        try:
            yield number, next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            yield number, [], TOO_BIG
        except (EOFError, OSError, UnicodeError):
            raise FileUnreadable from None


def _rows(lines: Iterator[Line], header: Sequence[str]) -> Iterator[Row]:
    for number, cells, problem in lines:
        if problem:
            yield Row(number, {}, problem)
        elif any(cells):
            yield _row(number, header, cells)


def _delimiter(start: bytes, encoding: str) -> str:
    """What the header line separates its names by: some countries' spreadsheets write ";" or tabs."""
    line = start.decode(encoding, "replace").partition("\n")[0]
    return max((",", "\t", ";"), key=line.count)


def _row(number: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    named = dict(zip(header, cells, strict=False))
    if any(_broken(each) for cell in cells for each in cell):
        clean = {name: cell.encode("utf-8", "replace").decode("utf-8") for name, cell in named.items()}
        return Row(number, clean, BAD_BYTES)
    if len(cells) > len(header) and any(cells[len(header) :]):
        return Row(number, named, BAD_SHAPE)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Row(number, {name: cell[:64] for name, cell in named.items()}, TOO_BIG)
    return Row(number, named)


def _broken(letter: str) -> bool:
    return letter == "\ufffd" or "\udc80" <= letter <= "\udcff"


def _header(lines: Iterator[Line]) -> list[str]:
    _number, cells, problem = next(lines, (1, [], TOO_BIG))
    header = [cell.strip() for cell in cells][:MOST_COLUMNS]
    if problem or not any(header) or any("\x00" in cell or _broken(cell[:1]) for cell in header):
        raise FileUnreadable
    return header


class _Kept(io.BufferedIOBase):
    """Reads for a text wrapper that must not close the file when it goes."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._source.read(-1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self._source.read(size)


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    """The file itself, or what a .gz holds, up to a size that no list of goods has."""
    start = stream.read(2)
    stream.seek(0)
    if start != b"\x1f\x8b":
        return stream
    plain = SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 (read after this returns)
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            while piece := packed.read(1024 * 1024):
                plain.write(piece)
                if plain.tell() > workbooks.MOST_UNPACKED:
                    raise workbooks.WorkbookTooBig
    except (EOFError, OSError, zlib.error):
        raise FileUnreadable from None
    plain.seek(0)
    return cast(IO[bytes], plain)
