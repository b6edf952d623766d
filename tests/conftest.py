"""Fixtures every test may use. The database itself comes from tests/cluster.py."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from kernel import clock
from outbox import platform_clock
from privacy import master
from tests.builders.ground import lay_the_ground

settings.register_profile(
    "anxin", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("anxin")

master.create(Path(os.environ["ANXIN_DATA"]) / "master-key.json")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The serving roles get their rights; the bundled law and the categories are loaded once."""
    with django_db_blocker.unblock():
        call_command("grants")
        lay_the_ground()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with real commits empties the tables at its end; the next one needs the ground again."""
    yield
    marker = item.get_closest_marker("django_db")
    asked = "transactional_db" in getattr(item, "fixturenames", ())
    real_commits = asked or (marker and marker.kwargs.get("transaction"))
    # After the last test the database itself is gone.
    if real_commits and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            lay_the_ground()


@pytest.fixture
def platform_at(db: None) -> Iterator[Callable[[datetime], datetime]]:
    """Like `at`, and the database's `platform_now()` stands still there too: for sweeps."""
    platform_clock.allow_shifting(allowed=True)
    with ExitStack() as stack:

        def move(instant: datetime) -> datetime:
            stack.enter_context(platform_clock.frozen(instant))
            return instant

        yield move


@pytest.fixture
def at() -> Iterator[Callable[[datetime], datetime]]:
    """`at(instant)` moves the clock to an instant until the test ends, and returns the instant."""
    with ExitStack() as stack:

        def move(instant: datetime) -> datetime:
            stack.enter_context(clock.frozen(instant))
            return instant

        yield move
