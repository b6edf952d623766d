"""Files for spreadsheets: exactly what is shown, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import openpyxl
from django.http import HttpResponse
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# A cell that starts so is a formula to a spreadsheet (also after full-width or control characters).
# Machines look for it, so it is the same in every language.
WATERMARK = "# %s"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """The text of a cell; formulas get a leading apostrophe, plain numbers stay numbers."""
    text = "" if value is None else str(value)
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, number: str = ""
) -> HttpResponse:
    """A download called `name` (without ending), UTF-8 with a mark so that Excel shows Chinese.

    `number` is the file's own, under which it is on record who took it: it stands in the name and at the end.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    if number:
        writer.writerow([WATERMARK % number])
        name = f"{name}-{number}"
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def plain_cell(text: str) -> str:
    """What `safe_cell` was given, from a file that comes back."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A workbook called `name` (without ending): whole numbers as numbers, everything else as text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Anxin")
    for row in chain([header], rows):
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _cell(sheet: Any, value: object) -> Any:
    if type(value) is int:
        return value
    # Said to be text, so that no spreadsheet takes it for a formula; what XML can't hold is left out.
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", safe_cell(value)))
    cell.data_type = "s"
    return cell
