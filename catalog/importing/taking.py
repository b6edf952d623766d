"""A batch of rows, listing by listing: what stands in the file twice, whose pictures, what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext

from catalog import pictures
from catalog.importing.reading import Row
from catalog.importing.understanding import PICTURES
from catalog.importing.variant_rows import BETWEEN, Group, Numbered, is_variant, understand_group
from catalog.importing.writing import (
    REFUSED,
    Desk,
    Outcome,
    Planned,
    known_listings,
    plan,
    read,
    refused_by,
    with_problems,
    wrong,
)
from catalog.importing.writing_down import write_down
from catalog.models import Listing
from kernel.errors import N_, DomainError
from web.errors import sentence

TWICE = N_("The code stands in the file twice; the first row was taken.")
APART = N_("The code stands further up in the file. Put all rows of a listing one below the other.")
SKU_TWICE = N_("Row %(row)s has the same SKU.")
BARCODE_TWICE = N_("Row %(row)s has the same barcode.")
ANOTHER_ROW = N_("Row %(row)s of the same listing was refused, so the listing stays as it was.")
_PLACE = re.compile(r"v(\d+)-(\w+)")
_COLUMNS = {"price": "variant_price", "images": "variant_pictures", "on_hand": "stock"}


@dataclass(slots=True)
class Seen:
    """What the file's rows named so far: its codes, and the row of each SKU and barcode."""

    codes: set[str] = field(default_factory=set)
    skus: dict[str, int] = field(default_factory=dict)
    barcodes: dict[str, int] = field(default_factory=dict)


def taken(desk: Desk, batch: Sequence[list[Numbered]], seen: Seen) -> Iterator[Outcome]:
    """Each row of a batch of listings with its cells in our columns; `seen` grows."""
    rows = [each for group in batch for each in group]
    known = known_listings(desk, [cells.get("code", "").strip() for _row, cells in rows])
    own = pictures.by_name(desk.merchant.pk, (name for _row, cells in rows for name in named_pictures(cells)))
    found = [
        _read(desk, [(row, _with_sources(cells, own)) for row, cells in group], seen, known)
        for group in batch
    ]
    became = iter(write_down(desk, [each.planned for each in found if isinstance(each, _Taken)]))
    for each, group in zip(found, batch, strict=True):
        yield from _named(each.said(next(became)) if isinstance(each, _Taken) else each, group)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A listing that is to be written, with its rows; `group` where they are its variants."""

    rows: Sequence[Numbered]
    planned: Planned
    group: Group | None

    def said(self, became: str | DomainError) -> list[Outcome]:
        """The outcome of each row."""
        foreseen = self.planned.outcome
        if isinstance(became, DomainError):
            return self._refused(became)
        first = replace(foreseen, result=became)
        others = replace(first, gaps=(), problems=())
        return [first, *(replace(others, number=row.number) for row, _cells in self.rows[1:])]

    def _refused(self, reason: DomainError) -> list[Outcome]:
        foreseen = self.planned.outcome
        if self.group is None:
            refused = Outcome(foreseen.number, foreseen.code[:64], REFUSED, foreseen.category)
            return [refused_by(refused, reason, self.rows[0][1])]
        _place(self.group, reason, foreseen.number)
        return _with_their_problems(self.rows, foreseen.code, foreseen.category, self.group)


def _named(outcomes: Sequence[Outcome], group: Sequence[Numbered]) -> Iterator[Outcome]:
    """With what no later row may name again."""
    for outcome, (_row, cells) in zip(outcomes, group, strict=True):
        sku = _of(cells, "sku")[:64] if is_variant(cells) else ""
        yield replace(outcome, sku=sku, barcode=_of(cells, "barcode")[:20])


def _of(cells: Mapping[str, str], name: str) -> str:
    return (cells.get(name) or "").strip()


def named_pictures(cells: Mapping[str, str]) -> list[str]:
    """The names of pictures in a row, as they were typed."""
    names = [*(_of(cells, name) for name in PICTURES), *BETWEEN.split(_of(cells, "variant_pictures"))]
    return [name.strip() for name in names if name.strip()]


def _with_sources(cells: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The shop's own pictures by what they are called inside; names that it doesn't have stay."""
    shown = {name: own.get(_of(cells, name), cells[name]) for name in PICTURES if cells.get(name)}
    if cells.get("variant_pictures"):
        names = [name.strip() for name in BETWEEN.split(cells["variant_pictures"])]
        shown["variant_pictures"] = ";".join(own.get(name, name) for name in names)
    return {**cells, **shown}


def _read(
    desk: Desk, rows: Sequence[Numbered], seen: Seen, known: Mapping[str, Listing]
) -> list[Outcome] | _Taken:
    """What the rows of a listing want, or their outcomes where nothing is to be written."""
    code = _of(rows[0][1], "code")
    many = len(rows) > 1 or is_variant(rows[0][1])
    found: list[Outcome | None] = [_twice(row, cells, seen) for row, cells in rows]
    if code in seen.codes:
        words = gettext(APART if many else TWICE)
        found = [
            each or _refused(row, code, "code" if many else "", words)
            for each, (row, _c) in zip(found, rows, strict=True)
        ]
    seen.codes |= {code} - {""}
    if any(found):
        return _all_refused(rows, code, found)
    if not many:
        row, cells = rows[0]
        wanted = read(desk, row.number, cells, known.get(code))
        return [wanted] if isinstance(wanted, Outcome) else _Taken(rows, wanted, None)
    return _variants(desk, code, rows, known.get(code))


def _twice(row: Row, cells: Mapping[str, str], seen: Seen) -> Outcome | None:
    """A row that can't be read, or names what another row of the file named."""
    code = _of(cells, "code")
    if row.problem:
        return _refused(row, code, "", gettext(row.problem))
    for name, there, words in (("sku", seen.skus, SKU_TWICE), ("barcode", seen.barcodes, BARCODE_TWICE)):
        value = _of(cells, name) if name == "barcode" or is_variant(cells) else ""
        if value and there.setdefault(value, row.number) != row.number:
            return _refused(row, code, name, gettext(words) % {"row": there[value]}, value)
    return None


def _refused(row: Row, code: str, column: str, words: str, written: str = "") -> Outcome:
    return Outcome(row.number, code[:64], REFUSED, problems=((column, words, written[:80]),))


def _all_refused(rows: Sequence[Numbered], code: str, found: Sequence[Outcome | None]) -> list[Outcome]:
    """A listing is taken whole or not at all: the other rows say which one it was."""
    first = next(each.number for each in found if each is not None)
    words = gettext(ANOTHER_ROW) % {"row": first}
    return [each or _refused(row, code, "", words) for each, (row, _cells) in zip(found, rows, strict=True)]


def _variants(
    desk: Desk, code: str, rows: Sequence[Numbered], before: Listing | None
) -> list[Outcome] | _Taken:
    """All rows of one listing, or none of them."""
    category = next(filter(None, (_of(cells, "category") for _row, cells in rows)), "")
    if before is not None and not category:
        category = before.category_id
    if problem := wrong(desk, code, category, before):
        return [_refused(row, code, "", gettext(problem)) for row, _cells in rows]
    group = understand_group(desk.schemas[category], rows, before)
    number = rows[0][0].number
    if group.problems or (group.understood.problems and desk.strict):
        group.problems.setdefault(number, []).extend(group.understood.problems)
        return _with_their_problems(rows, code, category, group)
    try:
        wanted = plan(desk, number, code, category, group.understood, before)
    except DomainError as error:
        _place(group, error, number)
        return _with_their_problems(rows, code, category, group)
    if isinstance(wanted, Planned):
        return _Taken(rows, wanted, group)
    others = replace(wanted, gaps=(), problems=())
    return [wanted, *(replace(others, number=row.number) for row, _cells in rows[1:])]


def _place(group: Group, error: DomainError, first: int) -> None:
    """A refusal of the draft's third variant is one of the row that named it."""
    found = _PLACE.fullmatch(str(error.params.get("field", "")))
    number = group.places.get(int(found[1]), first) if found else first
    column = _COLUMNS.get(found[2], found[2]) if found else str(error.params.get("field", ""))
    group.problems.setdefault(number, []).append((column, sentence(error), ""))


def _with_their_problems(rows: Sequence[Numbered], code: str, category: str, group: Group) -> list[Outcome]:
    found: list[Outcome | None] = []
    for row, _cells in rows:
        said = tuple(group.problems.get(row.number) or ())
        refused = Outcome(row.number, code[:64], REFUSED, category)
        found.append(with_problems(refused, *said) if said else None)
    return _all_refused(rows, code, found)
