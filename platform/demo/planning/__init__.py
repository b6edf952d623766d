"""Planning the demonstration: nothing here touches the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from demo.content import Content
from demo.planning import (
    brands,
    cases,
    confirmed,
    covers,
    ending,
    faults,
    lessons,
    loose_ends,
    offers,
    opening,
    papers,
    points,
    supervision,
    trade,
    ways_back,
)
from demo.script import CHINA, Script

SEED = 20260724
DAYS = 120


def plan(ends: datetime, *, small: bool = False) -> Script:
    """The whole script of a demonstration that ends at `ends`; `small` has about 40 orders."""
    days = 30 if small else DAYS
    begins = ends.astimezone(CHINA).date() - timedelta(days=days)
    script = Script(Content(begins), begins, ends, Random(SEED), small)
    opening.plan(script)
    cases.plan_running(script)
    ending.plan(script)
    faults.plan(script)
    papers.plan(script)
    offers.plan(script)
    supervision.plan(script)
    if not small:
        cases.plan_closed(script)
        cases.plan_reviews(script)
        trade.plan(script)
    # Last, so that the months before stay what they were.
    brands.plan(script)
    covers.plan(script)
    lessons.plan(script)
    points.plan(script)
    loose_ends.plan(script)
    ways_back.plan(script)
    confirmed.plan(script)
    return script
