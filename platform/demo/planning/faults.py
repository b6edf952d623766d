"""Goods that fail: of one order a repair that is done, one under way, and an exchange under way."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.planning import parcels
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script

LAMPS = "guangcheng-electric"
WALK = ("accept", "post", "arrive_at_shop", "take_on", "send", "arrive", "confirm")


def plan(script: Script) -> None:
    """All of the shopper of the sign-ins, so that the warranty card is found at once."""
    lamps = free(script.content.shops[LAMPS])[:SMALL_GOODS]
    delivered = script.ends - 14 * DAY
    (leg,) = parcels.purchase(
        script, shopper="zhixia", basket=[(lamp, 1) for lamp in lamps], at=delivered - 4 * DAY
    )
    parcels.deliver(script, leg, shipped_at=delivered - 40 * HOUR, delivered_at=delivered)
    stories = (
        ("repair", WALK, delivered + 20 * HOUR, "亮一会儿就闪，换了插座也一样。"),
        ("repair", WALK[:4], script.ends - 5 * DAY, "开关按下去弹不回来，只能拔插头。"),
        ("exchange", WALK[:5], script.ends - 5 * DAY, "这两天怎么按都不亮，充了一夜也一样。"),
    )
    for place, (remedy, steps, asked, fault) in enumerate(stories[: len(lamps)]):
        _fails(script, leg, place, remedy, steps, asked, fault)


def _fails(
    script: Script, leg: Leg, place: int, remedy: str, steps: tuple[str, ...], at: datetime, fault: str
) -> None:
    script.add(at, "ask_claim", leg.key, place=place, remedy=remedy, fault=fault)
    for number, step in enumerate(steps):
        at = script.add(
            at + timedelta(hours=18),
            "move_claim",
            leg.key,
            place=place,
            step=step,
            number=f"FX{place}{number}0001",
        )
