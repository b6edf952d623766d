"""The tea shop's services: a lesson with its appointment, and a pack of five of which two are used."""

from __future__ import annotations

from demo.planning import parcels
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

LESSON, PACK = "qingchuan-tea/QC-SV-CLS", "qingchuan-tea/QC-SV-5X"
WHERE = "示例坞茶室二楼"


def plan(script: Script) -> None:
    """Lessons on three afternoons; one booked, one pack begun, one lesson not booked yet."""
    ends, goods = script.ends, {each.key: each for each in script.content.shops["qingchuan-tea"].goods}
    noon = script.local(script.days, 14)
    for number in (2, 4, 9):
        script.add(
            ends - 6 * DAY, "offer_time", f"{LESSON}/{number}", goods=LESSON, starts=noon + number * DAY
        )
    (lesson,) = parcels.purchase(script, shopper="zhixia", basket=[(goods[LESSON], 1)], at=ends - 4 * DAY)
    script.add(ends - 3 * DAY, "book_time", lesson.key, time=f"{LESSON}/4")
    (pack,) = parcels.purchase(script, shopper="zhixia", basket=[(goods[PACK], 1)], at=ends - 12 * DAY)
    for days in (10, 2):
        script.add(ends - days * DAY, "redeem", pack.key)
    parcels.purchase(script, shopper="yifan", basket=[(goods[LESSON], 2)], at=ends - 20 * HOUR)
