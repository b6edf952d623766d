"""New rows written by a statement that is worked out once per model: what `bulk_create` writes, for less."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg2.extensions import AsIs

Row = TypeVar("Row", bound=models.Model)
# A field of exactly this class that holds exactly such a value (or none) writes it as it stands.
_PLAIN: dict[type[models.Field[Any, Any]], type] = {
    models.UUIDField: UUID,
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.BigIntegerField: int,
    models.SmallIntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.PositiveBigIntegerField: int,
    models.DateTimeField: datetime,
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """`cells` gives each column's value of a row; `places` is one row's part of the statement."""

    head: str
    places: str
    cells: tuple[Callable[[Any], Any], ...]


def insert(rows: Iterable[Row]) -> list[Row]:
    """Write new rows of one model, whose keys were made with them, in one statement; none writes nothing.

    What the database reckons of a column, such as its own time, the rows don't learn.
    """
    found = list(rows)
    if found:
        plan = _plan(type(found[0]))
        with connection.cursor() as cursor:
            cursor.execute(
                plan.head + ", ".join([plan.places] * len(found)),
                [cell(row) for row in found for cell in plan.cells],
            )
        for row in found:
            row._state.adding, row._state.db = False, connection.alias
    return found


@cache
def _plan(model: type[models.Model]) -> _Plan:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    return _Plan(
        head=f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ',
        places=f"({', '.join(map(_place, fields))})",
        cells=tuple(map(_cell, fields)),
    )


def _place(field: Any) -> str:
    """Arrays say their type."""
    asked = getattr(field, "get_placeholder", None)
    return str(asked(None, None, connection)) if asked else "%s"


def _cell(field: Any) -> Callable[[Any], Any]:
    kind, name = _kind(field), field.attname

    def prepared(row: models.Model) -> Any:
        """As Django does it: sealed fields seal here, JSON becomes text, names of choices become texts."""
        if isinstance(getattr(row, name), DatabaseDefault):
            if hasattr(field.db_default, "resolve_expression"):
                return AsIs("DEFAULT")
            setattr(row, name, field.db_default)
        return field.get_db_prep_save(field.pre_save(row, add=True), connection)

    def plain(row: models.Model) -> Any:
        value = getattr(row, name)
        return value if value is None or type(value) is kind else prepared(row)

    return prepared if kind is None else plain


def _kind(field: Any) -> type | None:
    if isinstance(field, models.ForeignKey):
        return _kind(field.target_field)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return None
    return _PLAIN.get(type(field))
