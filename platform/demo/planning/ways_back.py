"""Faulty goods on the free way back: one return with a label that was used, one that a carrier comes for."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.content import Goods
from demo.planning import parcels
from demo.planning.faults import LAMPS
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script

FAULT = "灯罩上有一道裂纹，拆开就看到了。"


def plan(script: Script) -> None:
    """Both of the shopper of the sign-ins, so that the three ways are found at once."""
    lamp = free(script.content.shops[LAMPS])[:SMALL_GOODS][0]
    used, fetched = (_bought(script, lamp, days) for days in (6, 5))
    agreed = _agreed(script, used, script.ends - 3 * DAY)
    labelled = script.add(agreed + 2 * HOUR, "label_return", used.key)
    script.add(labelled + 20 * HOUR, "scan_label", used.key, kind="collected")
    agreed = _agreed(script, fetched, script.ends - 2 * DAY)
    script.add(max(agreed, script.ends - 3 * HOUR), "book_collection", fetched.key)


def _bought(script: Script, lamp: Goods, days: int) -> Leg:
    delivered = script.ends - timedelta(days=days)
    (leg,) = parcels.purchase(script, shopper="zhixia", basket=[(lamp, 1)], at=delivered - 4 * DAY)
    parcels.deliver(script, leg, shipped_at=delivered - 40 * HOUR, delivered_at=delivered)
    return leg


def _agreed(script: Script, leg: Leg, at: datetime) -> datetime:
    asked = script.add(at, "ask_return", leg.key, kind="quality", note=FAULT)
    return script.add(asked + 10 * HOUR, "accept_return", leg.key)
