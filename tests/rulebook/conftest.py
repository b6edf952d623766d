"""The rulebook's own tests begin with its shelf unread."""

from collections.abc import Iterator

import pytest
from django.db import connection

from rulebook import shelf
from rulebook.models import CalendarVersion, PackVersion, Policy, RuleText


@pytest.fixture(autouse=True)
def an_unread_shelf() -> Iterator[None]:
    shelf.forget()
    yield
    shelf.forget()


@pytest.fixture
def nothing_loaded(db: None) -> None:
    """An installation before its first start: rows can't be deleted, so the tables are emptied."""
    tables = ", ".join(model._meta.db_table for model in (PackVersion, CalendarVersion, Policy, RuleText))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
