"""Taking a shop's file of listings, as the worker does, against the bare writes of the same rows."""

from __future__ import annotations

import csv
import io
import resource
import secrets
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from bench import stalls
from bench.measuring import Figure, Round, compare, count, timed
from catalog.importing import runs, working
from catalog.models import ImportLine, ImportRun, Listing
from catalog.schema import schema_of
from catalog.values import written
from kernel import clock
from kernel.ids import new_id
from merchants.models import Membership

ROWS = 10_000
CATEGORY = "home"


def imports(*, rows: int = ROWS, rounds: int = 1) -> list[Figure]:
    """Drafts (three columns) and complete rows, which are screened and go on sale; slices as the worker's."""
    stalls.set_up(at=clock.now())
    model = Listing.objects.live().filter(category_id=CATEGORY).exclude(code__contains=stalls.MARK)
    pattern = model.select_related("category", "merchant").order_by("code")[0]
    found = []
    for name, columns in (("import of drafts", _few(pattern)), ("import of complete rows", _all(pattern))):
        take = partial(_take, pattern, columns)
        _spent(take(rows // 10))
        peak = _peak_mb()
        figure = compare(
            f"{name}, {rows}",
            partial(take, rows),
            _bare(pattern, rows),
            rounds=1,
            statements=_statements(take),
        )
        figure.facts.update(peak_mb_at_a_tenth=round(peak, 1), peak_mb=round(_peak_mb(), 1), **_results())
        found.append(figure)
    return found


def _few(pattern: Listing) -> dict[str, str]:
    return {"title_zh-hans": pattern.working_title, "price": "39.00", "stock": "5"}


def _all(pattern: Listing) -> dict[str, str]:
    """Everything that the model says of itself, so that the rows can go on sale."""
    told = pattern.draft.get("attributes") or {}
    facts = {
        spec.key: written(spec, told[spec.key])
        for spec in schema_of(pattern.category.schema).fields
        if told.get(spec.key) is not None
    }
    return {**_few(pattern), "freight": "0.00", **facts}


def _take(pattern: Listing, columns: dict[str, str], rows: int) -> Iterator[float]:
    """Seconds of each row: the file received, read, started and taken slice by slice."""
    at, mark = clock.now(), secrets.token_hex(4)
    membership = Membership.objects.filter(merchant=pattern.merchant, ended_at__isnull=True)[0]
    file = SimpleUploadedFile("goods.csv", _file(columns, rows, mark))
    began = timed(lambda: _begin(membership, file, list(columns)))
    yield began
    while True:
        taken = 0

        def slice_of_it() -> None:
            nonlocal taken
            taken = working.work(at=at)

        seconds = timed(slice_of_it)
        if not taken:
            return
        yield from [seconds / taken] * taken


def _begin(membership: Membership, file: SimpleUploadedFile, columns: list[str]) -> None:
    at = clock.now()
    run = runs.receive(membership=membership, upload=file, actor=membership.actor, at=at)
    working.work(at=at)
    runs.start(
        run_id=run.pk,
        membership=membership,
        columns={name: name for name in ["code", *columns]},
        category=CATEGORY,
        dry=False,
        actor=membership.actor,
        at=at,
    )


def _file(columns: dict[str, str], rows: int, mark: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["code", *columns])
    for number in range(rows):
        told = {**columns, "title_zh-hans": f"{columns['title_zh-hans']} {number}"}
        writer.writerow([f"{stalls.IMPORTED}{mark}-{number}", *told.values()])
    return text.getvalue().encode()


def _bare(pattern: Listing, rows: int) -> Round:
    """The same listings with variant and stock by `executemany`, one transaction, taken back at the end."""

    def go() -> Iterator[float]:
        ids = [str(new_id()) for _ in range(rows)]
        variant = pattern.variants.all()[0]
        told = (
            (variant, [{"id": each, "listing_id": each, "sku": f"bare-{each}"} for each in ids]),
            (variant.stock, [{"variant_id": each, "listing_id": each} for each in ids]),
            (pattern, [{"id": each, "code": f"bare-{each}", "state": "draft"} for each in ids]),
        )
        with transaction.atomic(), connection.cursor() as cursor:
            seconds = sum(_insert(cursor, thing, changes) for thing, changes in told)
            transaction.set_rollback(True)
        yield from [seconds / rows] * rows

    return go


def _insert(cursor: Any, thing: Model, changes: list[dict[str, str]]) -> float:
    """Seconds for as many copies of a row as there are changes."""
    fields = thing._meta.local_concrete_fields
    common = {
        str(each.column): each.get_db_prep_save(getattr(thing, each.attname), connection) for each in fields
    }
    names = ", ".join(common)
    places = ", ".join(f"%({name})s" for name in common)
    statement = f'INSERT INTO "{thing._meta.db_table}" ({names}) VALUES ({places})'
    return timed(lambda: cursor.executemany(statement, [{**common, **each} for each in changes]))


def _statements(take: partial[Iterator[float]]) -> int:
    """Of a whole slice of the worker's, with receiving, reading and starting its file."""
    with CaptureQueriesContext(connection) as taken:
        _spent(take(working.SLICE))
    return count(taken)


def _spent(seconds: Iterator[float]) -> float:
    return sum(seconds)


def _results() -> dict[str, int]:
    run = ImportRun.objects.order_by("-received_at")[0]
    rows = ImportLine.objects.filter(run=run).values_list("result", flat=True)
    return {f"rows_{each}": list(rows).count(each) for each in set(rows)}


def _peak_mb() -> float:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
