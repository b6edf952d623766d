"""Running a file through: in batches, with progress, a report of every row and the sums at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO

from django.utils.translation import gettext

from catalog import pictures
from catalog.importing.reading import ColumnMap, Row, rows
from catalog.importing.writing import (
    REFUSED,
    RESULTS,
    Desk,
    Outcome,
    known_listings,
    open_desk,
    write,
)
from kernel.actor import Actor
from kernel.errors import N_
from merchants.models import Merchant

BATCH = 200
TWICE = N_("The code stands in the file twice; the first row was taken.")


@dataclass(slots=True)
class Summary:
    """How many rows ended how, and what they lack most."""

    results: Counter[str] = field(default_factory=Counter)
    gaps: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.results.values())

    def note(self, outcome: Outcome) -> None:
        self.results[outcome.result] += 1
        self.gaps.update(outcome.gaps)
        self.problems.update(column for column, _problem, _written in outcome.problems)

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(result, self.results[result]) for result in RESULTS]


def run(
    stream: IO[bytes],
    *,
    merchant: Merchant,
    actor: Actor,
    at: datetime,
    columns: ColumnMap | None = None,
    dry: bool = False,
    report: Callable[[Outcome], None] = lambda outcome: None,
    most: int | None = None,
) -> Summary:
    """Take every row of the file; `report` hears of each, `most` ends it after so many rows.

    :raises FileUnreadable: :raises ColumnMissing: before anything is written
    """
    desk = open_desk(merchant=merchant, actor=actor, at=at, strict=columns is None, dry=dry)
    summary = Summary()
    for outcome in islice(_outcomes(stream, desk, columns), most):
        summary.note(outcome)
        report(outcome)
    return summary


def _outcomes(stream: IO[bytes], desk: Desk, columns: ColumnMap | None) -> Iterator[Outcome]:
    seen: set[str] = set()
    source = rows(stream, key=columns.natural_key if columns else "code")
    while batch := list(islice(source, BATCH)):
        yield from taken(desk, [(row, _ours(row, columns)) for row in batch], seen)


def taken(desk: Desk, batch: Sequence[tuple[Row, Mapping[str, str]]], seen: set[str]) -> Iterator[Outcome]:
    """Each row of a batch with its cells in our columns; `seen` are the file's codes so far, and grows."""
    known = known_listings(desk, [cells.get("code", "") for _row, cells in batch])
    own = pictures.by_name(desk.merchant.pk, (cells.get("picture", "") for _row, cells in batch))
    for row, cells in batch:
        code, shown = cells.get("code", "").strip(), cells.get("picture", "")
        if row.problem or code in seen:
            problem = ("", gettext(row.problem or TWICE), "")
            yield Outcome(row.number, code[:64], REFUSED, problems=(problem,))
            continue
        if code:
            seen.add(code)
        with_picture = {**cells, "picture": own.get(shown.strip(), shown)}
        yield write(desk, row.number, with_picture, known.get(code))


def _ours(row: Row, columns: ColumnMap | None) -> dict[str, str]:
    if columns is None:
        return dict(row.cells)
    cells = columns.applied(row.cells)
    return {**cells, "code": row.cells.get(columns.natural_key, "").strip()}
