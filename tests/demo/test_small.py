"""The small demonstration: every state, nothing refused, and taken up again."""

from datetime import UTC, datetime

import pytest

from config.seeding import seed
from demo import counting, running
from outbox import platform_clock

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def market(db):
    platform_clock.allow_shifting(allowed=True)
    list(seed(at=NOW))
    return running.small(now=NOW)


def test_it_has_orders_in_every_state_and_right_money(market):
    print("\n".join(counting.report()))
    assert market.refused == {}
    assert counting.troubles() == []
