"""Running a file through: in batches, with progress, a report of every row and the sums at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO

from catalog.importing.reading import ColumnMap, Row, rows
from catalog.importing.taking import Seen, taken
from catalog.importing.variant_rows import Numbered, grouped
from catalog.importing.writing import (
    RESULTS,
    Desk,
    Outcome,
    open_desk,
)
from kernel.actor import Actor
from merchants.models import Merchant
from web.export import plain_cell

BATCH = 200


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
    source = (
        (row, _ours(row, columns)) for row in rows(stream, key=columns.natural_key if columns else "code")
    )
    yield from in_batches(desk, grouped(source), Seen())


def in_batches(desk: Desk, groups: Iterator[list[Numbered]], seen: Seen) -> Iterator[Outcome]:
    while batch := list(islice(groups, BATCH)):
        yield from taken(desk, batch, seen)


def _ours(row: Row, columns: ColumnMap | None) -> dict[str, str]:
    cells = dict(row.cells) if columns is None else columns.applied(row.cells)
    if columns is not None:
        cells["code"] = row.cells.get(columns.natural_key, "").strip()
    return {name: plain_cell(cell) for name, cell in cells.items()}
