"""Writing down the statements of one request and doing them again with fresh ids, without Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import psycopg2.extras
from django.db import connection

from kernel.ids import public_number

Values = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Values]

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH)\b|.*\bFOR (NO KEY )?UPDATE\b", re.I | re.S)
_NUMBER = re.compile(r"[AP][0-9A-Z]{8,15}")
_KEY = re.compile(r"[A-Za-z0-9_-]{20,80}")


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The writes and row locks that run meanwhile, in their order."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and _WRITES.match(sql):
            found.append((sql, dict(params) if isinstance(params, Mapping) else tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


class Replay:
    """The same statements over a plain psycopg2 connection, one transaction each time."""

    def __init__(self, statements: Sequence[Statement], *, kept: set[UUID]) -> None:
        self._statements, self._kept = statements, kept
        self._link: Any = None

    def connect(self) -> None:
        """Before the clock runs; connected already, it changes nothing."""
        if self._link is not None:
            return
        own = connection.settings_dict
        self._link = psycopg2.connect(
            host=own["HOST"], port=own["PORT"], user=own["USER"], password=own["PASSWORD"], dbname=own["NAME"]
        )
        psycopg2.extras.register_uuid(conn_or_curs=self._link)  # type: ignore[no-untyped-call]

    def fresh(self) -> list[Statement]:
        """The statements with new ids, numbers and keys wherever a row is made."""
        known: dict[Any, Any] = {each: each for each in self._kept}
        return [(sql, self._all(params, sql, known)) for sql, params in self._statements]

    def run(self, script: Sequence[Statement]) -> None:
        with self._link.cursor() as cursor:
            for sql, params in script:
                cursor.execute(sql, params)
        self._link.commit()

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None

    def _all(self, values: Values, sql: str, known: dict[Any, Any]) -> Values:
        if isinstance(values, Mapping):
            return {name: self._renew(value, sql, known) for name, value in values.items()}
        return [self._renew(value, sql, known) for value in values]

    def _renew(self, value: Any, sql: str, known: dict[Any, Any]) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(self._renew(each, sql, known) for each in value)
        if isinstance(value, UUID):
            return known.setdefault(value, uuid4())
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return known.setdefault(value, public_number(value[0]))
        if isinstance(value, str) and "idempotencykey" in sql and _KEY.fullmatch(value):
            return known.setdefault(value, uuid4().hex)
        return value
