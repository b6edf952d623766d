"""Goods that fail: one repair that is done, one under way, one exchange under way."""

from __future__ import annotations

from datetime import timedelta

from demo.content import Goods
from demo.planning import parcels
from demo.planning.opening import free
from demo.planning.parcels import HOUR, Leg
from demo.script import Script

LAMPS = "guangcheng-electric"
WALK = ("accept", "post", "arrive_at_shop", "take_on", "send", "arrive", "confirm")


def plan(script: Script) -> None:
    """All of the shopper of the sign-ins, so that the warranty card is found at once."""
    lamps = free(script.content.shops[LAMPS])
    for number, (remedy, steps, days, fault) in enumerate(
        (
            ("repair", WALK, 30.0, "亮一会儿就闪，换了插座也一样。"),
            ("repair", WALK[:4], 12.0, "开关按下去弹不回来，只能拔插头。"),
            ("exchange", WALK[:5], 9.0, "收到就不亮，充了一夜也一样。"),
        )
    ):
        _fails(script, lamps[number % len(lamps)], remedy, steps, days, fault)


def _fails(
    script: Script, goods: Goods, remedy: str, steps: tuple[str, ...], days: float, fault: str
) -> None:
    delivered = script.ends - timedelta(days=days)
    leg: Leg = parcels.arrive(script, shopper="zhixia", goods=goods, delivered_at=delivered)
    at = script.add(delivered + 20 * HOUR, "ask_claim", leg.key, remedy=remedy, fault=fault)
    for number, step in enumerate(steps):
        told = f"FX{len(leg.key)}{int(days)}{number:02d}0001"
        at = script.add(at + 18 * HOUR, "move_claim", leg.key, step=step, number=told)
