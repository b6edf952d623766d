"""Rows that the kept statement writes are the rows that `bulk_create` writes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from web.kept_inserts import insert
from web.models import IdempotencyKey, KeyState

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def keys() -> list[Any]:
    names = {"fingerprint": "f", "created_at": AT}
    done = IdempotencyKey(scope="b", key="1", state=KeyState.DONE, status=303, location="/a%s'", **names)
    return [IdempotencyKey(scope="a", key="1", **names), done]


def messages() -> list[Any]:
    return [
        Message(name=name, payload={"text": f"{name} “%s” 中", "n": [1, None]}, occurred_at=AT)
        for name in "ab"
    ]


def stored(table: str) -> list[dict[str, Any]]:
    """All but what is new each time."""
    cells = "to_jsonb(t) - 'id' - 'next_at'"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {cells} FROM {table} t ORDER BY {cells}")
        return [row for (row,) in cursor.fetchall()]


class TestInsert:
    @pytest.mark.parametrize("made", [keys, messages])
    def test_writes_what_bulk_create_writes(self, made: Any) -> None:
        """Texts, numbers, choices, instants, JSON, nothing, and what the database adds by itself."""
        model = type(made()[0])
        found = []
        for write in (insert, model.objects.bulk_create):
            rows = made()
            write(rows)
            assert all(not row._state.adding and row._state.db == "default" for row in rows)
            found.append(stored(model._meta.db_table))
            model.objects.all().delete()
        assert found[0] == found[1] and len(found[0]) == 2

    def test_takes_one_statement_and_none_for_nothing(self) -> None:
        with CaptureQueriesContext(connection) as taken:
            assert insert(row for row in keys()) and insert([]) == []
        assert len(taken) == 1

    def test_reads_back_as_it_was_written(self) -> None:
        (row, *_rest) = insert(messages())
        found = Message.objects.get(pk=row.pk)
        assert (found.payload, found.occurred_at, found.attempts) == (row.payload, AT, 0)
        assert found.next_at is not None

    def test_the_database_still_refuses_and_nothing_stays(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            insert([*keys(), *keys()])
        assert not IdempotencyKey.objects.exists()
