"""How much of a file's goods says what its category demands: counted without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.completeness import assess
from catalog.drafts import merged
from catalog.importing.reading import ColumnMap, rows
from catalog.importing.understanding import understand
from catalog.schema import Schema
from kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `products` so many are `complete`; `gaps` (field, duty) and how many lack it, most often first."""

    products: int
    complete: int
    unreadable: int
    gaps: tuple[tuple[tuple[str, str], int], ...]


def measure(files: Sequence[Path], *, schema: Schema, columns: ColumnMap | None) -> Figures:
    """The first file through `columns`; each later one, in our own columns, completes products by code.

    :raises FileUnreadable: :raises ColumnMissing:
    """
    drafts: dict[str, dict[str, Any]] = {}
    unreadable = 0
    for number, path in enumerate(files):
        mapped = columns if number == 0 else None
        with path.open("rb") as stream:
            for row in rows(stream, key=mapped.natural_key if mapped else "code"):
                cells = mapped.applied(row.cells) if mapped else dict(row.cells)
                code = row.cells.get(mapped.natural_key if mapped else "code", "").strip()
                try:
                    changes = understand(schema, cells).changes
                    drafts[code] = merged(schema, drafts.get(code, {}), changes)
                except DomainError:
                    unreadable += 1
    reports = [assess(schema, draft) for draft in drafts.values()]
    gaps = Counter((gap.field, gap.duty) for report in reports for gap in report.gaps)
    complete = sum(report.complete for report in reports)
    return Figures(len(reports), complete, unreadable, tuple(gaps.most_common()))
