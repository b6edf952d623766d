"""Fixtures every test may use. The database itself comes from tests/cluster.py."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kernel import clock
from outbox import platform_clock
from privacy import master

settings.register_profile(
    "anxin", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("anxin")

master.create(Path(os.environ["ANXIN_DATA"]) / "master-key.json")


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
