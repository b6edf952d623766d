"""What the platform's policies say about points; no number of it stands here."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import datetime

from kernel.money import Money
from law.counting import midnight_after
from law.windows import Window
from rulebook import current, policies, promises

PLACE = "CN"
EARNING, SPENDING = "points.earning_permille", "points.spending_permille"
EXPIRY, BACK = "points.expiry", "points.back"
SHOP_EARNING = "shop_points.earning_permille"
SHOP_EXPIRY, SHOP_BACK = "shop_points.expiry", "shop_points.back"


def permille(at: datetime) -> int:
    """How many points of a thousand fen that were paid."""
    return policies.number(EARNING, at)


def shop_permille(ground: str, at: datetime) -> int:
    """How many points a shop earns for this ground, of a thousand fen of the fee that an order brought."""
    return int(policies.value(SHOP_EARNING, at)[ground])


def share_permille(at: datetime) -> int:
    """How much of a thousand fen of a purchase points may pay."""
    return policies.number(SPENDING, at)


def share(whole: Money, at: datetime) -> Money:
    """The most of a purchase that points may pay."""
    return whole.permille(share_permille(at))


def until(policy: str, *, since: datetime) -> Window:
    """When points of `since` end: the policy's time, and on to the end of its month in Beijing.

    So what is earned in one month ends at one instant, and one letter is enough.
    """
    window = promises.due(policy, start=since, at=since)
    _weekday, last = monthrange(window.last_day.year, window.last_day.month)
    last_day = window.last_day.replace(day=last)
    return replace(
        window, last_day=last_day, due_at=midnight_after(last_day, current.pack(PLACE, since).zone)
    )
