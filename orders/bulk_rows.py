"""The rows of many parcels, as people paste them or keep them in a file: order, number, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from catalog.importing import reading
from kernel.errors import N_, Invalid

MOST_ROWS = 500
# What each column may be called, in small letters without spaces or underscores.
NAMES = {
    "order": ("order", "ordernumber", "订单", "订单号", "訂單", "訂單編號"),
    "tracking": ("tracking", "trackingnumber", "运单号", "快递单号", "物流单号", "物流編號", "運單號"),
    "sku": ("sku", "货号", "商品编码", "貨號"),
    "pieces": ("pieces", "quantity", "qty", "件数", "数量", "件數", "數量"),
}
_SEPARATOR = re.compile(r"[,;\t，；]")


class TooManyRows(Invalid):
    code = "too_many_rows"
    message = N_("That is more than %(most)s rows. Split it: none of them was sent.")


class ColumnsMissing(Invalid):
    code = "shipping_columns_missing"
    message = N_(
        "The file needs the columns “order” and “tracking”; “sku” and “pieces” are for a part of it."
    )


class NothingInIt(Invalid):
    code = "no_rows"
    message = N_("There is no row to send. Paste lines, or choose a file with rows below its header.")


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row as it was written; without `sku` the parcel holds all that is left of its order."""

    number: int
    order: str
    tracking: str
    sku: str = ""
    pieces: str = ""
    problem: str = ""

    @property
    def text(self) -> str:
        return " ".join(each for each in (self.order, self.tracking, self.sku, self.pieces) if each)[:120]

    @property
    def line(self) -> str:
        """As it can be pasted again."""
        cells = (self.order, self.tracking, self.sku, self.pieces)
        return "\t".join(_SEPARATOR.sub(" ", each) for each in cells).rstrip("\t")


def from_text(text: str) -> list[BulkRow]:
    """Pasted lines: order number and tracking number, then SKU and pieces where only a part is in it.

    :raises TooManyRows, NothingInIt:
    """
    numbered = enumerate(text.splitlines(), start=1)
    return _bounded(_pasted(number, line.strip()) for number, line in numbered if line.strip())


def from_file(stream: IO[bytes]) -> list[BulkRow]:
    """A workbook or CSV with a header line.

    :raises ColumnsMissing, TooManyRows, NothingInIt, FileUnreadable, WorkbookUnreadable, WorkbookTooBig:
    """
    table = reading.opened(stream)
    columns = _columns(table.header)
    if not {"order", "tracking"} <= columns.keys():
        raise ColumnsMissing(field="file")
    return _bounded(
        BulkRow(
            row.number,
            problem=row.problem,
            **{key: row.cells.get(name, "").strip() for key, name in columns.items()},
        )
        for row in table.rows
        if row.problem or any(cell.strip() for cell in row.cells.values())
    )


def _bounded(rows: Iterable[BulkRow]) -> list[BulkRow]:
    found = []
    for row in rows:
        found.append(row)
        if len(found) > MOST_ROWS:
            raise TooManyRows(field="rows", most=MOST_ROWS)
    if not found:
        raise NothingInIt(field="rows")
    return found


def _pasted(number: int, line: str) -> BulkRow:
    """With separators four cells; without, the first word is the order and the rest its number."""
    cells = [each.strip() for each in _SEPARATOR.split(line)]
    if len(cells) == 1:
        order, _space, tracking = line.partition(" ")
        cells = [order, tracking.strip()]
    order, tracking, sku, pieces = (*cells, "", "", "")[:4]
    return BulkRow(number, order, tracking, sku, pieces)


def _columns(header: Iterable[str]) -> Mapping[str, str]:
    named = {re.sub(r"[\s_-]", "", name).lower(): name for name in header}
    found = {key: next((named[each] for each in names if each in named), "") for key, names in NAMES.items()}
    return {key: name for key, name in found.items() if name}
