"""What a kiln makes to order: one order waits for its word, one it confirmed, one it couldn't make."""

from __future__ import annotations

from datetime import datetime

from demo.planning import parcels
from demo.planning.offers import CONFIRMED
from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script

HER, HIM = "zhixia", "yifan"


def plan(script: Script) -> None:
    _bought(script, HER, script.ends - 5 * HOUR)
    confirmed = _bought(script, HIM, script.ends - 2 * DAY)
    script.add(script.ends - 2 * DAY + 7 * HOUR, "confirm_order", confirmed.key)
    declined = _bought(script, HER, script.ends - 6 * DAY)
    script.add(script.ends - 6 * DAY + 9 * HOUR, "decline_order", declined.key, reason="cannot_make")


def _bought(script: Script, shopper: str, at: datetime) -> Leg:
    """Ordered, and reserved at the shopper's bank."""
    basket = [(script.content.goods[CONFIRMED], 1)]
    (leg,) = parcels.purchase(script, shopper=shopper, basket=basket, at=at)
    return leg
