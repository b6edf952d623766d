"""One world for all attacks: built once a module, every test in a savepoint of its own."""

import pytest
from django.db import transaction

from tests.builders.two_shops import two_shops


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield two_shops()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _proofs_last(monkeypatch):
    """One world serves the whole module: on a slow machine its sign-ins would grow too old meanwhile."""
    monkeypatch.setattr("web.step_up._limit_seconds", 24 * 3600)


@pytest.fixture
def shops(world, db):
    return world
