"""Statements whose SQL is worked out once per process: building one costs several times what running it does.

A queryset is built once with marks where its values stand; each time the values are put in the marks'
places, and the rows become what the queryset would have made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from typing import Any, Generic, TypeVar, cast
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
# By name and kind of each value; a list counts by its length, because its SQL does.
_Shape = tuple[tuple[str, object], ...]
_numbers = count(1)


class NotKept(TypeError):
    """Such a statement can't be kept: a value of it isn't an id, an instant or a text, or leaves no mark."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """`places`: where in `parameters` a value goes, by its mark's number."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]
    made: Callable[[Sequence[Any]], Any]
    locks: bool

    def run(self, values: Sequence[Any]) -> Iterator[Any]:
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked inside a transaction only")
        parameters = list(self.parameters)
        for place, number in self.places:
            parameters[place] = values[number]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            found = cursor.fetchall()
        return (self.made(self._converted(row)) for row in found)

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        cells = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                cells[place] = convert(cells[place], expression, connection)
        return cells


class Kept(Generic[Row]):
    """`build` makes the queryset from its values: ids, instants, texts, and lists of these.

    It must ask nothing else: what it reads elsewhere would stay as it was at the first time.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self._build = build
        self._known: dict[_Shape, _Statement] = {}

    def rows(self, **values: Any) -> list[Row]:
        """:raises NotKept: for a value of another kind, or an empty list"""
        shape = tuple((name, _kind(value)) for name, value in values.items())
        statement = self._known.get(shape)
        if statement is None:
            statement = self._known[shape] = _built(self._build, shape)
        return list(statement.run(list(chain.from_iterable(map(_each, values.values())))))


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)


def _kind(value: Any) -> object:
    if isinstance(value, list):
        if not value:
            raise NotKept("an empty list asks nothing")
        return (_kind(value[0]), len(value))
    for kind in (UUID, datetime, str):
        if isinstance(value, kind):
            return kind
    raise NotKept(type(value).__name__)


def _mark(kind: object) -> Any:
    """A value that stands nowhere else in the statement."""
    if kind is UUID:
        return uuid4()
    if kind is datetime:
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(microseconds=next(_numbers))
    return f"mark-{uuid4().hex}"


def _built(build: Callable[..., QuerySet[Any, Any]], shape: _Shape) -> _Statement:
    marks = {
        name: [_mark(kind[0]) for _ in range(kind[1])] if isinstance(kind, tuple) else _mark(kind)
        for name, kind in shape
    }
    rows = build(**marks)
    compiler = rows.query.get_compiler(rows.db)
    sql, parameters = compiler.as_sql(with_col_aliases=False)
    numbers = {mark: number for number, mark in enumerate(chain.from_iterable(map(_each, marks.values())))}
    places = tuple(
        (place, numbers[value])
        for place, value in enumerate(parameters)
        if isinstance(value, UUID | datetime | str) and value in numbers
    )
    if {number for _place, number in places} != set(numbers.values()):
        raise NotKept("a value left no mark")
    converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
    return _Statement(
        sql=sql,
        parameters=tuple(parameters),
        places=places,
        converters=tuple((place, found, column) for place, (found, column) in converters.items()),
        made=_maker(rows, compiler),
        locks=bool(rows.query.select_for_update),
    )


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """As Django's own iterables make instances and tuples from a row."""
    if not issubclass(cast(Any, rows)._iterable_class, ModelIterable):
        return tuple
    select, info, annotated = compiler.select, compiler.klass_info, compiler.annotation_col_map
    model, columns = info["model"], info["select_fields"]
    first, end = columns[0], columns[-1] + 1
    names = [each[0].target.attname for each in select[first:end]]
    # The stubs are those of a later Django, which asks for one thing more.
    related = cast(Any, get_related_populators)(info, select, rows.db)

    def made(row: Sequence[Any]) -> Any:
        instance = model.from_db(rows.db, names, row[first:end])
        for one in related:
            one.populate(row, instance)
        for name, place in annotated.items():
            setattr(instance, name, row[place])
        return instance

    return made
