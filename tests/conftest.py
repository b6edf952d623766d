"""Fixtures every test may use. The database itself comes from tests/cluster.py."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest
from hypothesis import HealthCheck, settings

from kernel import clock

settings.register_profile(
    "anxin", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("anxin")


@pytest.fixture
def at() -> Iterator[Callable[[datetime], datetime]]:
    """`at(instant)` moves the clock to an instant until the test ends, and returns the instant."""
    with ExitStack() as stack:

        def move(instant: datetime) -> datetime:
            stack.enter_context(clock.frozen(instant))
            return instant

        yield move
