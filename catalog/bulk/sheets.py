"""The table as a file, and the same file back: what nobody touched in it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO
from uuid import UUID

from django.utils.translation import gettext, override

from catalog.bulk import rows as table
from catalog.bulk.changes import Change
from catalog.bulk.rows import TableRow
from catalog.contents import LANGUAGES
from catalog.importing.reading import Row, opened
from catalog.importing.understanding import BAD_AMOUNT, BAD_STOCK
from catalog.lifecycle import STATE_WORDS, ListingState
from catalog.stock import MOST
from kernel.errors import N_, Invalid
from kernel.money import InvalidAmount, Money
from rulebook import policies
from web.export import plain_cell

SKU, PRICE, STOCK = N_("SKU"), N_("Price"), N_("Stock")
# What stood there when the file was made: a cell that still says so changes nothing.
PRICE_THEN, STOCK_THEN = N_("Price when downloaded"), N_("Stock when downloaded")
COLUMNS = (
    SKU,
    N_("Code"),
    N_("Title"),
    N_("Variant"),
    N_("State"),
    PRICE,
    STOCK,
    N_("Held"),
    PRICE_THEN,
    STOCK_THEN,
)
LIMITS, BATCH, MOST_UNREAD = "limits.bulk", 500, 200
UNKNOWN = N_("Your shop has no variant with this SKU.")
TWICE = N_("The SKU stands in the file twice; the first row was read.")


class SheetColumnsMissing(Invalid):
    code = "bulk_columns_missing"
    message = N_(
        "The file needs a column “%(sku)s” and one of “%(price)s” and “%(stock)s”, as in the file that you"
        " download here."
    )


class SheetTooBig(Invalid):
    code = "bulk_file_too_big"
    message = N_("The file has more than %(rows)s rows or %(megabytes)s MB. Split it.")


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that can't be read, by its number in the file (the header is 1)."""

    number: int
    sku: str
    words: str


def header() -> list[str]:
    return [gettext(each) for each in COLUMNS]


def lines(rows: Iterable[TableRow]) -> Iterator[list[object]]:
    """The rows as cells, in the order of the header."""
    for row in rows:
        price = "" if row.price_minor is None else Money(row.price_minor).decimal_text
        state = gettext(STATE_WORDS[ListingState(row.listing.state)])
        said = [row.sku, row.listing.code, row.listing.working_title, row.choice, state]
        yield [*said, price, row.on_hand, row.reserved, price, row.on_hand]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file changes, and which of its rows say nothing that can be read."""

    changes: list[Change]
    unread: list[Unread]


def read(stream: IO[bytes], *, size: int, merchant_id: UUID, at: datetime) -> Sheet:
    """Only what differs from the file as it was downloaded, else from what stands now.

    :raises SheetTooBig: :raises SheetColumnsMissing: and what `importing.reading.opened` refuses
    """
    limits = policies.value(LIMITS, at)
    too_big = SheetTooBig(rows=limits["file_rows"], megabytes=limits["megabytes"])
    if size > limits["megabytes"] * 1024 * 1024:
        raise too_big
    opened_file = opened(stream)
    names, sheet, seen = _columns(opened_file.header), Sheet([], []), set[str]()
    while batch := list(islice(opened_file.rows, BATCH)):
        if batch[-1].number > limits["file_rows"] + 1:
            raise too_big
        _batch(batch, names, seen, sheet, merchant_id)
    return sheet


def _columns(found: Sequence[str]) -> dict[str, str]:
    """Ours → the file's name for it, in whichever language the file was made."""
    ours: dict[str, str] = {}
    for locale in LANGUAGES:
        with override(locale):
            said = {gettext(each).casefold(): each for each in COLUMNS}
        for name in found:
            if (column := said.get(name.strip().casefold())) is not None:
                ours.setdefault(column, name)
    if SKU not in ours or not {PRICE, STOCK} & ours.keys():
        raise SheetColumnsMissing(sku=gettext(SKU), price=gettext(PRICE), stock=gettext(STOCK))
    return ours


def _batch(
    batch: Sequence[Row], names: Mapping[str, str], seen: set[str], sheet: Sheet, merchant_id: UUID
) -> None:
    skus = {plain_cell(row.cells.get(names[SKU], "")) for row in batch}
    known = table.of_shop(merchant_id).filter(sku__in=skus)
    by_sku = {row.sku: row for row in table.read(known, locale="zh-hans")}
    for row in batch:
        cells = {ours: plain_cell(row.cells.get(name, "")) for ours, name in names.items()}
        sku = cells[SKU]
        problem = row.problem or (TWICE if sku in seen else "" if sku in by_sku else UNKNOWN)
        seen.add(sku)
        change = None if problem else _change(cells, by_sku[sku])
        if isinstance(change, Change):
            sheet.changes.extend([change] if change.is_one else [])
        elif len(sheet.unread) < MOST_UNREAD:
            sheet.unread.append(Unread(row.number, sku[:64], gettext(problem or change or BAD_AMOUNT)))


def _change(cells: Mapping[str, str], row: TableRow) -> Change | str:
    """The change, or a msgid that says which cell can't be read."""
    try:
        was, price = _price(cells.get(PRICE_THEN, "")), _price(cells.get(PRICE, ""))
    except InvalidAmount:
        return BAD_AMOUNT
    counts = [cells.get(name, "") for name in (STOCK_THEN, STOCK)]
    if any(text and not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST) for text in counts):
        return BAD_STOCK
    then, now = (int(text) if text else None for text in counts)
    return Change(
        variant_id=row.variant_id,
        was_price=row.price_minor if was is None else was,
        was_on_hand=row.on_hand if then is None else then,
        price=price,
        on_hand=now,
    )


def _price(text: str) -> int | None:
    return Money.parse(text.removeprefix("¥")).minor if text else None
