"""A whole small marketplace for tests that look at many pages: shops, goods, orders, cases in every state."""

from __future__ import annotations

from datetime import datetime

from config.seeding import seed
from demo import running
from demo.running import Played
from demo.sign_ins import PASSWORD as PASSWORD
from outbox import platform_clock


def a_market(*, now: datetime) -> Played:
    """The small demonstration, ending at `now`; people sign in with PASSWORD. Takes some seconds."""
    platform_clock.allow_shifting(allowed=True)
    list(seed(at=now))
    return running.small(now=now)
