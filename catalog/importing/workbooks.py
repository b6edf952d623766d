"""Rows of a workbook (.xlsx), read as a stream; what a cell shows, never what a formula would do."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from kernel.errors import N_, Invalid

MARK = b"PK\x03\x04"
# Spreadsheets pack about tenfold; a bomb packs a thousandfold.
MOST_UNPACKED, MOST_RATIO, MOST_PARTS = 300 * 1024 * 1024, 250, 500
# What the readers of packed files and sheets raise for files that are damaged, locked with a password
# (RuntimeError) or packed in a way they don't know (NotImplementedError).
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    SyntaxError,
    EOFError,
    OSError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    RuntimeError,
)


class WorkbookUnreadable(Invalid):
    code = "workbook_unreadable"
    message = N_(
        "This workbook can't be opened. Save it as “CSV UTF-8”, or anew as .xlsx without a password."
    )


class WorkbookTooBig(Invalid):
    code = "workbook_too_big"
    message = N_("Unpacked, this workbook is far larger than a list of goods. Save the sheet alone as CSV.")


def rows(stream: IO[bytes]) -> Iterator[Sequence[str]]:
    """The first visible sheet, row by row, as text; empty rows too, so that numbers are the sheet's.

    :raises WorkbookTooBig: before anything is unpacked :raises WorkbookUnreadable:
    """
    try:
        _require_sane(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheet = next(each for each in book.worksheets if each.sheet_state == "visible")
        # The size that a file claims for itself would pad every row to it.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except Invalid:
        raise
    except (*_BROKEN, StopIteration) as error:
        raise WorkbookUnreadable from error


def _require_sane(stream: IO[bytes]) -> None:
    stream.seek(0)
    with zipfile.ZipFile(stream) as packed:
        parts = packed.infolist()
        for part in parts:
            if part.file_size > MOST_RATIO * max(part.compress_size, 1024):
                raise WorkbookTooBig
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise WorkbookTooBig
    stream.seek(0)


def _text(value: Any) -> str:
    """As the sheet shows it: whole numbers without “.0”, days as 2026-11-22."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
