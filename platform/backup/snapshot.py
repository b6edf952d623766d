"""One instant of the database, seen by this process and by pg_dump alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.apps import apps
from django.db import connection, transaction

COUNT = "SELECT count(*) FROM {table}"
LEAVES = """
    SELECT count(*), encode(sha256(coalesce(string_agg(commitment, ''::bytea ORDER BY id), ''::bytea)), 'hex')
      FROM evidence_leaf
"""


@contextmanager
def held() -> Iterator[str]:
    """The name under which pg_dump joins this transaction's snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        yield str(name)


def key_tables() -> list[str]:
    """Tables whose rows are keys: kept apart from what they open."""
    there = set(tables())
    named = {one._meta.db_table for one in apps.get_models() if getattr(one, "key_material", False)}
    return sorted(named & there)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
        )
        return [row[0] for row in cursor.fetchall()]


def counts() -> dict[str, int]:
    """How many rows each table has."""
    return {table: int(_one(COUNT.format(table=_quoted(table)))[0]) for table in tables()}


def leaves() -> tuple[int, str]:
    """How many commitments the log holds, and one digest over all of them in their order."""
    number, digest = _one(LEAVES)
    return int(number), str(digest)


def applied() -> dict[str, list[str]]:
    """The migrations of each app that this database has seen."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        for app, name in cursor.fetchall():
            found.setdefault(app, []).append(name)
    return found


def server() -> str:
    """The server's version, "18.6"."""
    return str(_one("SHOW server_version")[0])


def stored_files() -> int:
    return int(_one("SELECT count(*) FROM privacy_storedfile")[0])


def size() -> int:
    """Bytes of the database on its disk."""
    return int(_one("SELECT pg_database_size(current_database())")[0])


def copy_out(table: str, target: IO[bytes]) -> list[str]:
    """Write a table's rows in Postgres's text form; gives its columns."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)} LIMIT 0")
        columns = [column.name for column in cursor.description or ()]
        listed = ", ".join(_quoted(column) for column in columns)
        cursor.cursor.copy_expert(f"COPY {_quoted(table)} ({listed}) TO STDOUT", target)
    return columns


def _one(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchone())


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
